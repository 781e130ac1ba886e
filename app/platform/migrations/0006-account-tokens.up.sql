-- Single-use tokens sent to a person: to set the first password (invitation) or a new one (reset). Only hashes are kept.

create table account_tokens (
  token_hash bytea primary key,
  user_id bigint not null references users (id) on delete cascade,
  purpose text not null check (purpose in ('invitation', 'reset')),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index account_tokens_user_idx on account_tokens (user_id);
create index account_tokens_expires_at_idx on account_tokens (expires_at);
