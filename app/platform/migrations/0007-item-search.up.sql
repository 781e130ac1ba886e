-- Full text of items: whole words and prefixes by tsvector, misspelt ones by trigrams.

create extension if not exists pg_trgm;

alter table items
  add column search_text text not null generated always as (title || ' ' || coalesce(description, '')) stored,
  add column search_words tsvector not null generated always as (
    setweight(to_tsvector('simple', title), 'A') || setweight(to_tsvector('simple', coalesce(description, '')), 'B')
  ) stored;
create index items_search_words_idx on items using gin (search_words);
create index items_search_text_idx on items using gin (search_text gin_trgm_ops);
