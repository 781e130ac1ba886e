-- Accounts, their roles, sessions and API keys.

create table roles (
  name text primary key check (name ~ '^[a-z][a-z0-9-]{0,31}$'),
  permissions text[] not null default '{}'
);
insert into roles (name, permissions) values
  ('user', '{}'),
  ('admin', '{*}');

create table users (
  id bigint generated always as identity primary key,
  email text not null check (length(email) <= 254),
  name text not null check (length(name) between 1 and 100),
  password_hash text,
  -- Of a password that somebody else has seen, such as the first admin's: null once the person has set their own.
  password_expires_at timestamptz,
  role text not null default 'user' references roles (name),
  tier text not null default 'free' check (tier in ('free', 'pro', 'enterprise')),
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  closed_at timestamptz
);
create unique index users_email_key on users (lower(email));
create index users_created_at_idx on users (created_at, id) where closed_at is null;
create index users_name_idx on users (name, id) where closed_at is null;
create index users_email_idx on users (email, id) where closed_at is null;
create index users_role_idx on users (role, created_at, id) where closed_at is null;
create index users_tier_idx on users (tier, created_at, id) where closed_at is null;

create table sessions (
  id bigint generated always as identity primary key,
  user_id bigint not null references users (id) on delete cascade,
  refresh_hash bytea not null unique,
  previous_refresh_hash bytea unique,
  rotated_at timestamptz,
  user_agent text not null default '',
  address text not null default '',
  created_at timestamptz not null default now(),
  last_used_at timestamptz not null default now(),
  ended_at timestamptz,
  end_reason text
);
create index sessions_user_idx on sessions (user_id, id) where ended_at is null;

create table api_keys (
  id bigint generated always as identity primary key,
  owner_id bigint not null references users (id) on delete cascade,
  name text not null check (length(name) between 1 and 100),
  secret_hash bytea not null unique,
  scopes text[] not null default '{}',
  tier text check (tier in ('free', 'pro', 'enterprise')),
  limit_per_minute integer check (limit_per_minute between 1 and 1000000),
  is_demo boolean not null default false,
  -- The key that made it, and with which it ends; null where a session did.
  made_by bigint references api_keys (id),
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz
);
create index api_keys_made_by_idx on api_keys (made_by) where made_by is not null;
create index api_keys_owner_idx on api_keys (owner_id, id);
