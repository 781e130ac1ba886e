-- All sessions of an account, the latest used first: its list also shows those that were ended as stolen, and a sign-in
-- asks whether the address is a known one. The index of open sessions answers neither: both read the whole table.

create index sessions_user_last_used_idx on sessions (user_id, last_used_at, id);
