-- Who did what, on what, from where, with what outcome. Rows are added and never changed, also not by the owner's slip.

create table audit_entries (
  id bigint generated always as identity primary key,
  created_at timestamptz not null default now(),
  actor_id bigint,
  actor_kind text not null check (actor_kind in ('anonymous', 'session', 'api-key', 'system')),
  credential_id bigint,
  action text not null,
  target text not null,
  outcome text not null check (outcome in ('done', 'refused')),
  address text not null,
  request_id text not null,
  details jsonb not null default '{}'
);
create index audit_entries_created_at_idx on audit_entries (created_at, id);
create index audit_entries_actor_idx on audit_entries (actor_id, created_at, id);
create index audit_entries_action_idx on audit_entries (action, created_at, id);
create index audit_entries_target_idx on audit_entries (target, created_at, id);

create function refuse_audit_change() returns trigger language plpgsql as $$
begin
  raise exception 'audit entries are append-only' using errcode = 'insufficient_privilege';
end
$$;
create trigger audit_entries_append_only before update or delete or truncate on audit_entries
  for each statement execute function refuse_audit_change();
