-- Files that were imported, by their content: the same file again is recognised and changes nothing.

create table imports (
  resource text not null,
  digest bytea not null check (length(digest) = 32),
  file_name text not null,
  rows integer not null,
  imported_at timestamptz not null default now(),
  primary key (resource, digest)
);
