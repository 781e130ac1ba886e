-- Resources: named things of a type, with free metadata, owned by the account that made them.

create table resources (
  id bigint generated always as identity primary key,
  name text not null check (length(name) between 1 and 200),
  type text not null check (length(type) between 1 and 50),
  description text,
  metadata jsonb not null default '{}',
  owner_id bigint not null references users (id),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index resources_created_at_idx on resources (created_at, id);
create index resources_name_idx on resources (name, id);
create index resources_type_idx on resources (type, created_at, id);
create index resources_owner_idx on resources (owner_id, created_at, id);
