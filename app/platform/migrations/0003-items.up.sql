-- Items: things with a title and a price in minor units, owned by the account that made them.

create table items (
  id bigint generated always as identity primary key,
  title text not null check (length(title) between 1 and 200),
  description text,
  price_cents bigint check (price_cents >= 0),
  owner_id bigint not null references users (id),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index items_created_at_idx on items (created_at, id);
create index items_title_idx on items (title, id);
create index items_owner_idx on items (owner_id, created_at, id);
