/** Every setting of Sluice: its environment variable, type, default and meaning. */

import { type Static, Type } from 'typebox'

const Port = (description: string, fallback: number) =>
  Type.Integer({ minimum: 1, maximum: 65_535, default: fallback, description })
const Text = (description: string, fallback: string) => Type.String({ default: fallback, description })
const Count = (description: string, fallback: number, minimum = 1) =>
  Type.Integer({ minimum, maximum: 1_000_000_000, default: fallback, description })
const Switch = (description: string, fallback: boolean) => Type.Boolean({ default: fallback, description })

/** Grouped as in `.env.example`, which a test keeps equal to this. */
export const Environment = Type.Object({
  // Where it runs
  NODE_ENV: Type.Union([Type.Literal('development'), Type.Literal('test'), Type.Literal('production')], {
    default: 'development',
    description: 'production refuses demo mode',
  }),
  DEMO: Switch('demo accounts, keys and data; loopback only; make run-local sets it', false),
  ENGINE: Type.Union([Type.Literal('auto'), Type.Literal('docker'), Type.Literal('native')], {
    default: 'auto',
    description: 'what make run-local starts: containers, or processes of this machine',
  }),
  PORT_BASE: Type.Integer({
    minimum: 0,
    maximum: 65_000,
    default: 0,
    description:
      'moves every port: balancer N, replicas N+1 to N+3, gateway N+80; 0 keeps 3000, 3001 to 3003, 8080',
  }),
  LOG_LEVEL: Type.Union(
    [
      Type.Literal('debug'),
      Type.Literal('info'),
      Type.Literal('warn'),
      Type.Literal('error'),
      Type.Literal('silent'),
    ],
    { default: 'info', description: 'the least severe level that is written' },
  ),

  // One replica
  INSTANCE_ID: Text('the name of this replica, as X-Served-By shows it', 'api-1'),
  HOST: Text('address the replica listens on', '127.0.0.1'),
  PORT: Port('port the replica listens on', 3001),
  SOCKET_PATH: Text('unix socket the replica also listens on; empty for none', ''),
  REPLICAS: Count('replicas behind the balancer; divides local limits while Redis is away', 3),
  TRUSTED_PROXIES: Text(
    'CIDRs of balancers whose X-Real-IP and X-Request-Start are believed, comma separated; a unix socket always is',
    '',
  ),
  CORS_ORIGINS: Text('origins a browser may call from, comma separated', ''),
  SERVE_CORS: Switch('answer CORS in the replica; the edge does it otherwise, make dev sets this', false),
  REQUEST_TIMEOUT_MS: Count('time one request may take, in milliseconds', 10_000, 100),
  DRAIN_TIMEOUT_MS: Count('longest wait for open requests at a stop, in milliseconds', 20_000, 0),
  SECRETS_DIR: Text(
    'folder with jwt/*.pem, server-key, postgres-password and postgres-app-password',
    '.local/secrets',
  ),

  // Postgres
  DATABASE_URL: Type.String({
    default: 'postgres://sluice_app@127.0.0.1:54329/sluice',
    description:
      'replicas sign in as sluice_app, migrations and scripts as the owner sluice; the password comes from SECRETS_DIR when it is left out; of several servers (host1:port,host2:port) the primary is found',
    pattern: '^postgres(ql)?://.',
    expected: 'postgres://user@host:port/name',
    secret: true,
  }),
  DATABASE_READ_URL: Type.String({
    default: '',
    description: 'one standby to read from, where it has caught up; empty for none',
    pattern: '^(|postgres(ql)?://[^,]+)$',
    expected: 'postgres://user@host:port/name of one server',
    secret: true,
  }),
  DATABASE_POOL_MAX: Count('connections of one replica', 10),
  DATABASE_TIMEOUT_MS: Count('longest time for one statement, in milliseconds', 5_000, 50),

  // Redis
  REDIS_URL: Type.String({
    default: 'redis://127.0.0.1:56379/0',
    description: 'buckets, cached answers, leases; all of it may be lost',
    pattern: '^(rediss?|unix)://.',
    expected: 'redis://host:port/0 or unix:///path/to/redis.sock',
    secret: true,
  }),
  REDIS_TIMEOUT_MS: Count('longest wait for one Redis answer, in milliseconds', 150, 10),
  REDIS_PREFIX: Text('put before every key', 'sluice:'),

  // Sign-in
  JWT_ISSUER: Text('iss of the access tokens', 'sluice'),
  JWT_AUDIENCE: Text('aud of the access tokens', 'sluice-api'),
  JWT_PRIVATE_KEYS: Type.String({
    default: '',
    description:
      'keys that sign access tokens, in place of those in SECRETS_DIR; the first signs, all are accepted',
    pattern: '^((\\s|\\\\n)*-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----)*(\\s|\\\\n)*$',
    expected: 'Ed25519 private keys (PKCS8 PEM), one after the other; line ends may be written \\n',
    secret: true,
  }),
  ACCESS_TOKEN_TTL: Count('life of an access token, in seconds', 900),
  REFRESH_TOKEN_TTL: Count('a session ends when it was idle this long, in seconds', 14 * 86_400),
  SESSION_MAX_AGE: Count('a session ends at this age in any case, in seconds', 90 * 86_400),
  ARGON2_MEMORY_KIB: Count('argon2id memory, in KiB', 19_456, 8),
  ARGON2_ITERATIONS: Count('argon2id passes', 2),
  ARGON2_PARALLELISM: Type.Integer({
    minimum: 1,
    maximum: 255,
    default: 1,
    description: 'argon2id lanes; each needs 8 KiB of the memory at least',
  }),
  LOGIN_FAILURES_PER_ACCOUNT: Count('failed sign-ins one account may see in 15 minutes from one address', 10),

  // Limits, in requests a minute
  RATE_LIMIT_ANONYMOUS: Count('per client address without a credential', 100),
  RATE_LIMIT_FREE: Count('per principal of tier free', 1_000),
  RATE_LIMIT_PRO: Count('per principal of tier pro', 10_000),
  RATE_LIMIT_ENTERPRISE: Count('per principal of tier enterprise', 100_000),
  RATE_LIMIT_SEARCH: Count('searches of one client address, besides the limit of its tier', 1_200),
  RATE_LIMIT_SEARCH_ALGORITHM: Type.Union([Type.Literal('token-bucket'), Type.Literal('sliding-window')], {
    default: 'token-bucket',
    description: 'how searches are counted: a bucket that refills evenly, or the last 60 seconds',
  }),

  // Cache
  CACHE_TTL: Count('time a cached answer stays fresh, in seconds', 60),
  CACHE_WARM: Count('newest things of each collection read into the cache after a start; 0 for none', 50, 0),
  CACHE_L1_MAX_BYTES: Count(
    'memory of one replica for cached answers, in bytes; at most half of its heap',
    64 * 1024 * 1024,
    1024,
  ),

  // Breakers and the external dependency
  CIRCUIT_FAILURE_THRESHOLD: Type.Integer({
    minimum: 1,
    maximum: 100,
    default: 50,
    description: 'share of failed calls, in percent, that opens a breaker',
  }),
  CIRCUIT_RESET_TIMEOUT: Count('time a breaker stays open before it tries again, in milliseconds', 5_000, 10),
  EXTERNAL_URL: Text('what /external calls; empty in demo mode means the built-in flaky one', ''),
  EXTERNAL_TIMEOUT_MS: Count('longest wait for the external dependency, in milliseconds', 1_000, 10),

  // Observability
  LOG_SUCCESSES_PER_SECOND: Count(
    'log lines of one replica for successful requests, a second; above that an even share is logged',
    1_000,
  ),
  REQUEST_LOG_PER_SECOND: Count(
    'successful requests of one replica kept for /admin/requests, a second; 0 keeps none of any kind',
    20,
    0,
  ),
  REQUEST_LOG_HOURS: Count('how long requests are kept for /admin/requests, in hours', 24),
  METRICS_TOKEN: Type.String({
    default: '',
    description: 'bearer token for /metrics; required outside demo mode',
    secret: true,
  }),
  TRACE: Switch('trace requests; off, nothing of it is on their way', true),
  TRACE_SAMPLE_PERCENT: Type.Integer({
    minimum: 0,
    maximum: 100,
    default: 1,
    description: 'requests whose trace is kept beside the failed and the slow ones, which always are',
  }),
  TRACE_SLOW_MS: Count('a request that takes so long is slow, in milliseconds', 250),
  OTLP_URL: Text('collector of traces (OTLP/HTTP), such as http://localhost:4318; empty for none', ''),
  NGINX_STATUS: Text(
    'where stub_status answers, as tier=host:port or tier=unix:/path, comma separated; part of /metrics and of the live picture',
    '',
  ),

  // The edge (nginx); rendered into its templates
  EDGE_RATE_PER_SECOND: Count('requests a second per address before the edge refuses', 3_000),
  EDGE_BURST: Count('requests an address may send at once above that rate', 3_000),
  EDGE_CONNECTIONS: Count('open connections per address', 1_024),
  EDGE_SIGN_IN_PER_MINUTE: Count('sign-ins, registrations and refreshes a minute per address', 20),
  EDGE_SIGN_IN_BURST: Count('sign-ins an address may try at once', 19),
  EDGE_TRUSTED_PROXIES: Text(
    'CIDRs in front of the gateway whose X-Forwarded-For is believed, comma separated',
    '',
  ),
  EDGE_HSTS: Switch('send Strict-Transport-Security; set it once TLS stands in front', false),
})

export type Config = Readonly<Static<typeof Environment>>

/** What a schema says of its variable. */
export interface Setting {
  readonly description?: string
  readonly default?: unknown
  readonly type?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly anyOf?: readonly { readonly const?: unknown }[]
  /** In words, where a pattern says it only to a machine. */
  readonly expected?: string
  /** Holds a password or token: never repeated. */
  readonly secret?: boolean
}

export const settings: Readonly<Record<string, Setting>> = Environment.properties
