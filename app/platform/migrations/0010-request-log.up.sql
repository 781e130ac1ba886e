-- Finished requests, for those who look for one: all that failed or were slow, and some of the others. Written in batches
-- by every replica, kept for hours, and nothing depends on it.

create table request_log (
  id bigint generated always as identity primary key,
  time timestamptz not null,
  request_id text not null,
  trace_id text not null,
  method text not null,
  route text not null,
  path text not null,
  status smallint not null,
  ms real not null,
  instance_id text not null,
  tier text not null,
  user_id bigint,
  principal text not null,
  address text not null,
  error_code text,
  -- How many requests this one stands for, where successes were sampled.
  weight integer not null default 1
);
create index request_log_time_idx on request_log (time, id);
create index request_log_request_id_idx on request_log (request_id);
create index request_log_trace_id_idx on request_log (trace_id);
create index request_log_user_id_idx on request_log (user_id, time, id) where user_id is not null;
create index request_log_failed_idx on request_log (time, id) where status >= 500;
