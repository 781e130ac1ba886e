-- The answer to each keyed write, stored in the transaction of its effect and kept for a day.

create table idempotency_keys (
  caller text not null,
  key text not null check (length(key) between 1 and 255),
  fingerprint bytea not null,
  status smallint not null,
  headers jsonb not null default '{}',
  body bytea,
  created_at timestamptz not null default now(),
  primary key (caller, key)
);
create index idempotency_keys_created_at_idx on idempotency_keys (created_at);
