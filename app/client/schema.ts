/** Generated from the application's routes by scripts/client.ts; do not edit. */

export interface paths {
  '/.well-known/jwks.json': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Keys that verify access tokens */
    get: operations['getRootWellKnownJwksJson']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/admin/audit': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * Read the audit trail
     * @description Needs the permission `audit:read`.
     */
    get: operations['getAdminAudit']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/admin/cache': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * Hits and misses of the cache
     * @description Needs the permission `admin:read`.
     */
    get: operations['getAdminCache']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/admin/cache/clear': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Forget every cached answer, on every replica
     * @description Needs the permission `admin:write`.
     */
    post: operations['postAdminCacheClear']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/admin/circuit-breakers': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * Breakers, and their states at all replicas
     * @description Needs the permission `admin:read`.
     */
    get: operations['getAdminCircuitBreakers']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/admin/circuit-breakers/{name}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    /**
     * Force a breaker open or closed at all replicas, or leave it to its rules
     * @description Needs the permission `admin:write`.
     */
    put: operations['putAdminCircuitBreakersByName']
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/admin/dashboard': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * The system at a glance
     * @description Needs the permission `admin:read`.
     */
    get: operations['getAdminDashboard']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/admin/events': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * Watch the system live
     * @description Needs the permission `admin:read`.
     */
    get: operations['getAdminEvents']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/admin/experiments/crash': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Have a replica kill itself
     * @description Needs the permission `admin:write`.
     */
    post: operations['postAdminExperimentsCrash']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/admin/experiments/cut-redis': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Have replicas lose their connections to Redis for a while
     * @description Needs the permission `admin:write`.
     */
    post: operations['postAdminExperimentsCutRedis']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/admin/experiments/flood': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Fill the queue of this replica with work that does nothing
     * @description Needs the permission `admin:write`.
     */
    post: operations['postAdminExperimentsFlood']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/admin/log-level': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * How much is logged
     * @description Needs the permission `admin:read`.
     */
    get: operations['getAdminLogLevel']
    /**
     * Log more or less at all replicas, for a while
     * @description Needs the permission `admin:write`.
     */
    put: operations['putAdminLogLevel']
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/admin/rate-limits': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * Quotas, who spends most, and how often they refused
     * @description Needs the permission `admin:read`.
     */
    get: operations['getAdminRateLimits']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/admin/replicas': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * All replicas
     * @description Needs the permission `admin:read`.
     */
    get: operations['getAdminReplicas']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/admin/replicas/{id}/drain': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Take a replica out: it answers what it has, and is sent nothing more
     * @description Needs the permission `admin:write`.
     */
    post: operations['postAdminReplicasByIdDrain']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/admin/replicas/{id}/undrain': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Have a drained replica serve again
     * @description Needs the permission `admin:write`.
     */
    post: operations['postAdminReplicasByIdUndrain']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/admin/requests': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * Find requests: all that failed or were slow, and some of the others
     * @description Needs the permission `admin:read`.
     */
    get: operations['getAdminRequests']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/admin/traces': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * Recent slow and failed requests of all replicas, step by step
     * @description Needs the permission `admin:read`.
     */
    get: operations['getAdminTraces']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/admin/traces/{traceId}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * The requests of one trace, sampled ones too
     * @description Needs the permission `admin:read`.
     */
    get: operations['getAdminTracesByTraceId']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/admin/users/{id}/tier': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    /**
     * Set the tier of one user
     * @description Needs the permission `roles:assign`.
     */
    put: operations['putAdminUsersByIdTier']
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/api-keys': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * List my API keys
     * @description Needs a credential.
     */
    get: operations['getApiKeys']
    put?: never
    /**
     * Make an API key; its secret is shown this once
     * @description Needs a credential.
     */
    post: operations['postApiKeys']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/api-keys/{id}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    post?: never
    /**
     * End an API key
     * @description Needs a credential.
     */
    delete: operations['deleteApiKeysById']
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/api-keys/{id}/rotation': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Replace an API key; the old one goes on for a while
     * @description Needs a credential.
     */
    post: operations['postApiKeysByIdRotation']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/auth/login': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /** Sign in */
    post: operations['postAuthLogin']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/auth/logout': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * End this session
     * @description Needs a credential.
     */
    post: operations['postAuthLogout']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/auth/logout-all': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * End all my sessions
     * @description Needs a credential.
     */
    post: operations['postAuthLogoutAll']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/auth/password': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    /** Set a password with an invitation or reset token; ends all sessions */
    put: operations['putAuthPassword']
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/auth/password-reset': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /** Ask for a token to set a new password */
    post: operations['postAuthPasswordReset']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/auth/refresh': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Exchange the refresh token for new tokens
     * @description The token in the body, or in the cookie that a sign-in with refreshToken=cookie set.
     */
    post: operations['postAuthRefresh']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/auth/register': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /** Register */
    post: operations['postAuthRegister']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/external': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Ask a dependency that fails now and then */
    get: operations['getExternal']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/health': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Is this replica alive? */
    get: operations['getHealth']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/health/ready': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Does this replica want requests? */
    get: operations['getHealthReady']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/items': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** List items */
    get: operations['getItems']
    put?: never
    /**
     * Create one item
     * @description Needs a credential.
     */
    post: operations['postItems']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/items/{id}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Read one item */
    get: operations['getItemsById']
    /**
     * Replace one item
     * @description Needs a credential.
     */
    put: operations['putItemsById']
    post?: never
    /**
     * Delete one item
     * @description Needs a credential.
     */
    delete: operations['deleteItemsById']
    options?: never
    head?: never
    /**
     * Change one item
     * @description Needs a credential.
     */
    patch: operations['patchItemsById']
    trace?: never
  }
  '/api/v1/items/batch': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Create up to 100 items, all or none
     * @description Needs a credential.
     */
    post: operations['postItemsBatch']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/me': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * Who I am and what I may do
     * @description Needs a credential.
     */
    get: operations['getMe']
    put?: never
    post?: never
    /**
     * Close my account
     * @description Needs a credential.
     */
    delete: operations['deleteMe']
    options?: never
    head?: never
    /**
     * Change my name
     * @description Needs a credential.
     */
    patch: operations['patchMe']
    trace?: never
  }
  '/api/v1/me/export': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * Everything kept about me
     * @description Needs a credential.
     */
    get: operations['getMeExport']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/me/password': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    /**
     * Change my password; ends my other sessions
     * @description Needs a credential.
     */
    put: operations['putMePassword']
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/me/sessions': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * My sessions
     * @description Needs a credential.
     */
    get: operations['getMeSessions']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/me/sessions/{id}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    post?: never
    /**
     * End one of my sessions
     * @description Needs a credential.
     */
    delete: operations['deleteMeSessionsById']
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/resources': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** List resources */
    get: operations['getResources']
    put?: never
    /**
     * Create one resource
     * @description Needs a credential.
     */
    post: operations['postResources']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/resources/{id}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Read one resource */
    get: operations['getResourcesById']
    /**
     * Replace one resource
     * @description Needs a credential.
     */
    put: operations['putResourcesById']
    post?: never
    /**
     * Delete one resource
     * @description Needs a credential.
     */
    delete: operations['deleteResourcesById']
    options?: never
    head?: never
    /**
     * Change one resource
     * @description Needs a credential.
     */
    patch: operations['patchResourcesById']
    trace?: never
  }
  '/api/v1/resources/batch': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Create up to 100 resources, all or none
     * @description Needs a credential.
     */
    post: operations['postResourcesBatch']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/roles': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * List roles, and every permission there is
     * @description Needs the permission `roles:read`.
     */
    get: operations['getRoles']
    put?: never
    /**
     * Define a role
     * @description Needs the permission `roles:write`.
     */
    post: operations['postRoles']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/roles/{name}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * Read one role
     * @description Needs the permission `roles:read`.
     */
    get: operations['getRolesByName']
    /**
     * Change what a role may do
     * @description Needs the permission `roles:write`.
     */
    put: operations['putRolesByName']
    post?: never
    /**
     * Delete a role that no account has
     * @description Needs the permission `roles:write`.
     */
    delete: operations['deleteRolesByName']
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/search/items': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Search items */
    get: operations['getSearchItems']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/status': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Which replica answers? */
    get: operations['getStatus']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/users': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * List users
     * @description Needs the permission `users:read`.
     */
    get: operations['getUsers']
    put?: never
    /**
     * Invite one user
     * @description Needs the permission `users:write`.
     */
    post: operations['postUsers']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/users/{id}': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /**
     * Read one user: users:read, or oneself
     * @description Needs a credential.
     */
    get: operations['getUsersById']
    put?: never
    post?: never
    /**
     * Close one account: users:write, or oneself
     * @description Needs a credential.
     */
    delete: operations['deleteUsersById']
    options?: never
    head?: never
    /**
     * Change one user: users:write, or oneself
     * @description Needs a credential.
     */
    patch: operations['patchUsersById']
    trace?: never
  }
  '/api/v1/users/batch': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /**
     * Invite up to 100 users, all or none
     * @description Needs the permission `users:write`.
     */
    post: operations['postUsersBatch']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/users/login': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /** Sign in */
    post: operations['postUsersLogin']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/api/v1/users/register': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    get?: never
    put?: never
    /** Register */
    post: operations['postUsersRegister']
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/health': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Is this replica alive? */
    get: operations['getRootHealth']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
  '/health/ready': {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    /** Does this replica want requests? */
    get: operations['getRootHealthReady']
    put?: never
    post?: never
    delete?: never
    options?: never
    head?: never
    patch?: never
    trace?: never
  }
}
export type webhooks = Record<string, never>
export interface components {
  schemas: {
    /** ApiKey */
    ApiKey: {
      /** Format: date-time */
      createdAt: string
      /** Format: date-time */
      expiresAt: string | null
      id: number
      /** Format: date-time */
      lastUsedAt: string | null
      /** @description requests a minute; null: the figure of the tier */
      limitPerMinute: number | null
      name: string
      scopes: string[]
      /** @description null: the tier of the account; never above it */
      tier: string | null
    }
    /**
     * AskedReplica
     * @description as it was when it was asked; its state changes with its next beat
     */
    AskedReplica: {
      replica: components['schemas']['ReplicaPicture']
    }
    /** AuditEntry */
    AuditEntry: {
      /** @description what was done, e.g. users.close */
      action: string
      actorId: number | null
      actorKind: string
      address: string
      /** Format: date-time */
      createdAt: string
      credentialId: number | null
      details: {
        [key: string]: unknown
      }
      id: number
      outcome: string
      requestId: string
      /** @description what it was done to, e.g. user:7 */
      target: string
    }
    /** BreakerChange */
    BreakerChange: {
      /**
       * @description then it is left to its rules again
       * @default 900
       */
      forSeconds?: number
      /**
       * @description auto leaves it to its rules
       * @enum {unknown}
       */
      state: 'open' | 'closed' | 'auto'
    }
    /** BreakerReport */
    BreakerReport: {
      /** @description in the last ten seconds */
      failures: number
      /** @enum {unknown} */
      forced: 'open' | 'closed' | 'auto'
      name: string
      /** @description in the last ten seconds */
      rejections: number
      running: number
      /** @enum {unknown} */
      state: 'closed' | 'open' | 'half-open'
      /** @description in the last ten seconds */
      successes: number
      /** @description in the last ten seconds */
      timeouts: number
    }
    /** Breakers */
    Breakers: {
      /** @description its own */
      breakers: components['schemas']['BreakerReport'][]
      /** @description the replica that answers */
      instanceId: string
      replicas: {
        /** @description state by name */
        breakers: {
          [key: string]: string
        }
        instanceId: string
      }[]
    }
    /** CacheKindStats */
    CacheKindStats: {
      bytes: number
      /** @description reads that shared another's load */
      coalesced: number
      entries: number
      hit: number
      miss: number
      stale: number
    }
    /** CacheReport */
    CacheReport: {
      /** @description of all replicas, each since its start */
      hitRatio: number
      /** @description the replica that answers */
      instanceId: string
      /** @description of the replica that answers */
      kinds: {
        [key: string]: components['schemas']['CacheKindStats']
      }
      replicas: {
        cache: {
          bytes: number
          coalesced: number
          entries: number
          hits: number
          misses: number
          stale: number
        }
        instanceId: string
      }[]
      totals: {
        bytes: number
        coalesced: number
        entries: number
        hits: number
        misses: number
        stale: number
      }
    }
    /** Dashboard */
    Dashboard: {
      admission: {
        admitted: number
        /** @description priorities that are kept out at the moment */
        brake: number
        limit: number
        running: number
        shed: {
          admin: number
          anonymous: number
          enterprise: number
          free: number
          pro: number
        }
        waiting: number
      }
      breakers: components['schemas']['BreakerReport'][]
      cache: {
        [key: string]: components['schemas']['CacheKindStats']
      }
      /** @description the replica that answers; breakers, cache and admission are its own */
      instanceId: string
      /** @description whether there are demo accounts, and experiments */
      isDemo: boolean
      load: {
        /** @description answered 5xx, but for those that were shed */
        errorsPerSecond: number
        p50Ms: number
        p99Ms: number
        /** @description a quota was spent, or more was asked than can be answered */
        rejectedPerSecond: number
        requestsPerSecond: number
      }
      replicas: components['schemas']['ReplicaPicture'][]
      /** @description what is in the database; sessions that are open */
      totals: {
        items: number
        resources: number
        sessions: number
        users: number
      }
    }
    /**
     * Experiment
     * @description what has begun
     */
    Experiment: {
      /** @enum {unknown} */
      experiment: 'crash' | 'cut-redis' | 'flood'
      /** @description that it happens to */
      replicas: string[]
    }
    /** External */
    External: {
      data:
        | {
            [key: string]: unknown
          }
        | unknown[]
        | string
        | number
        | boolean
        | null
      source: 'live' | 'fallback'
    }
    /** ForcedBreaker */
    ForcedBreaker: {
      breaker: components['schemas']['BreakerReport']
      /** @description the replica that answers; the others follow with their next beat */
      instanceId: string
      /** @description when the force is over; null for none */
      until: string | null
    }
    /** FoundItem */
    FoundItem: {
      /** Format: date-time */
      createdAt: string
      description: string | null
      highlight: {
        description: string
        title: string
      }
      id: number
      owner: {
        id: number
        name: string
      }
      priceCents: number | null
      title: string
      /** Format: date-time */
      updatedAt: string
    }
    /** Health */
    Health: {
      instanceId: string
      status: string
    }
    /** InvitedUser */
    InvitedUser: {
      /** Format: date-time */
      createdAt: string
      email: string
      id: number
      /** Format: date-time */
      invitationExpiresAt: string
      /** @description shown once; sets the first password */
      invitationToken: string
      isActive: boolean
      name: string
      role: string
      /** @enum {unknown} */
      tier: 'free' | 'pro' | 'enterprise'
      /** Format: date-time */
      updatedAt: string
    }
    /** Item */
    Item: {
      /** Format: date-time */
      createdAt: string
      description: string | null
      id: number
      owner: {
        id: number
        name: string
      }
      priceCents: number | null
      title: string
      /** Format: date-time */
      updatedAt: string
    }
    /** ItemChanges */
    ItemChanges: {
      description?: string | null
      priceCents?: number | null
      title?: string
    }
    /** LoggedRequest */
    LoggedRequest: {
      address: string
      errorCode: string | null
      id: number
      instanceId: string
      method: string
      ms: number
      /** @description without its query */
      path: string
      /** @description user:7, api-key:3, or empty for nobody known */
      principal: string
      requestId: string
      /** @description its pattern, or none */
      route: string
      status: number
      tier: string
      /** Format: date-time */
      time: string
      traceId: string
      userId: number | null
      /** @description how many requests it stands for */
      weight: number
    }
    /** LogLevel */
    LogLevel: {
      /** @description what it is without anybody wishing otherwise */
      configured: string
      /** @enum {unknown} */
      level: 'debug' | 'info' | 'warn' | 'error' | 'silent'
      /** @description when it is that again */
      until: string | null
    }
    /** LogLevelChange */
    LogLevelChange: {
      /** @default 3600 */
      forSeconds?: number
      /** @enum {unknown} */
      level: 'debug' | 'info' | 'warn' | 'error' | 'silent'
    }
    /** Me */
    Me: {
      permissions: string[]
      rateLimit: {
        limit: number
        policy: string
        windowSeconds: number
      }
      tier: string
      user: components['schemas']['User']
    }
    /** NewApiKey */
    NewApiKey: {
      /**
       * Format: date-time
       * @description in the future
       */
      expiresAt?: string
      /** @description a limit of its own; never above that of the tier */
      limitPerMinute?: number
      name: string
      /** @description permissions you hold; none by default */
      scopes?: string[]
      /** @enum {unknown} */
      tier?: 'free' | 'pro' | 'enterprise'
    }
    /**
     * NewItem
     * @example {
     *       "title": "Green tea",
     *       "description": "Loose leaves, 100 g",
     *       "priceCents": 890
     *     }
     */
    NewItem: {
      description?: string | null
      priceCents?: number | null
      title: string
    }
    /** NewName */
    NewName: {
      name: string
    }
    /** NewPassword */
    NewPassword: {
      password: string
      token: string
    }
    /**
     * NewResource
     * @example {
     *       "name": "Handbook",
     *       "type": "document",
     *       "metadata": {
     *         "pages": 48
     *       }
     *     }
     */
    NewResource: {
      description?: string | null
      /** @description at most 16,384 characters as JSON */
      metadata?: {
        [key: string]: unknown
      }
      name: string
      type: string
    }
    /** NewRole */
    NewRole: {
      name: string
      permissions: string[]
    }
    /** NewTier */
    NewTier: {
      /** @enum {unknown} */
      tier: 'free' | 'pro' | 'enterprise'
    }
    /**
     * NewUser
     * @example {
     *       "name": "Ann Example",
     *       "email": "ann@example.org"
     *     }
     */
    NewUser: {
      /** Format: email */
      email: string
      name: string
      role?: string
      /** @enum {unknown} */
      tier?: 'free' | 'pro' | 'enterprise'
    }
    /** Pagination */
    Pagination: {
      limit: number
      /** @description cursor of the next page; null: this is the last one */
      nextCursor: string | null
    }
    /** PasswordChange */
    PasswordChange: {
      currentPassword: string
      newPassword: string
    }
    /** PasswordResetRequest */
    PasswordResetRequest: {
      /** Format: email */
      email: string
    }
    /** @description RFC 9457 problem document */
    Problem: {
      detail: string
      /** @description stable code, what programs read */
      error: string
      errors?: {
        message: string
        path: string
      }[]
      requestId: string
      status: number
      title: string
      type: string
    } & {
      [key: string]: unknown
    }
    /** RateLimitReport */
    RateLimitReport: {
      /** @description since the replicas started */
      decisions: {
        allowed: number
        denied: number
        policy: string
      }[]
      /** @description the replica that answers */
      instanceId: string
      /** @description how many the figures are of */
      replicas: number
      routes: {
        capacity: number
        name: string
        refillPerSecond: number
      }[]
      tiers: {
        capacity: number
        refillPerSecond: number
        tier: string
      }[]
      topKeys: {
        /** @description user:7, api-key:3 or ip:192.0.2.1 */
        key: string
        policy: string
        /** @description as the replica knows that has seen the least left */
        remaining: number
        /** @description since the bucket was last idle */
        spent: number
      }[]
    }
    /** Readiness */
    Readiness: {
      dependencies: {
        [key: string]: 'up' | 'down'
      }
      instanceId: string
      /** @description ok, or draining with 503 */
      status: string
    }
    /** Registration */
    Registration: {
      /** Format: email */
      email: string
      name: string
      password: string
    }
    /** ReplicaPicture */
    ReplicaPicture: {
      admission: {
        limit: number
        running: number
        /** @description since the replica started */
        shed: number
        waiting: number
      }
      /** @description closed, half-open or open, by name */
      breakers: {
        [key: string]: string
      }
      cache: {
        bytes: number
        coalesced: number
        entries: number
        hits: number
        misses: number
        stale: number
      }
      /** @description of one core */
      cpuShare: number
      /** @description answered 5xx, but for those that were shed */
      errorsPerSecond: number
      /** @description the latest the event loop was in the last beat */
      eventLoopMs: number
      heapUsedBytes: number
      inFlight: number
      instanceId: string
      p50Ms: number
      p99Ms: number
      postgres: {
        errorsPerSecond: number
        inUse: number
        isUp: boolean
        p99Ms: number
        queriesPerSecond: number
      }
      redis: {
        callsPerSecond: number
        errorsPerSecond: number
        isUp: boolean
        p99Ms: number
      }
      /** @description a quota was spent, or more was asked than can be answered */
      rejectedPerSecond: number
      requestsPerSecond: number
      residentBytes: number
      /** @description since its last beat */
      silentMs: number
      /** Format: date-time */
      startedAt: string
      /**
       * @description silent: no beat for 1.2 s; down: none for 2 s
       * @enum {unknown}
       */
      state: 'up' | 'draining' | 'silent' | 'down'
      version: string
    }
    /** Replicas */
    Replicas: {
      replicas: components['schemas']['ReplicaPicture'][]
    }
    /**
     * RequestEvent
     * @description data of the event `request`
     */
    RequestEvent: {
      instanceId: string
      method: string
      ms: number
      requestId: string
      /** @description its pattern, or none */
      route: string
      status: number
      tier: string
      /** Format: date-time */
      time: string
    }
    /** Resource */
    Resource: {
      /** Format: date-time */
      createdAt: string
      description: string | null
      id: number
      metadata: {
        [key: string]: unknown
      }
      name: string
      ownerId: number
      type: string
      /** Format: date-time */
      updatedAt: string
    }
    /** ResourceChanges */
    ResourceChanges: {
      description?: string | null
      /** @description at most 16,384 characters as JSON */
      metadata?: {
        [key: string]: unknown
      }
      name?: string
      type?: string
    }
    /** Role */
    Role: {
      name: string
      /** @description * is every permission there is */
      permissions: string[]
    }
    /** RoleChange */
    RoleChange: {
      permissions: string[]
    }
    /** Rotation */
    Rotation: {
      /**
       * @description how long the old key goes on
       * @default 86400
       */
      overlapSeconds?: number
    }
    /** Session */
    Session: {
      address: string
      /** Format: date-time */
      createdAt: string
      /** Format: date-time */
      endedAt: string | null
      endReason: string | null
      id: number
      isCurrent: boolean
      /** Format: date-time */
      lastUsedAt: string
      userAgent: string
    }
    /** ShownApiKey */
    ShownApiKey: {
      /** Format: date-time */
      createdAt: string
      /** Format: date-time */
      expiresAt: string | null
      id: number
      /** @description the secret; shown this once */
      key: string
      /** Format: date-time */
      lastUsedAt: string | null
      /** @description requests a minute; null: the figure of the tier */
      limitPerMinute: number | null
      name: string
      scopes: string[]
      /** @description null: the tier of the account; never above it */
      tier: string | null
    }
    /** SignedIn */
    SignedIn: {
      /** @description seconds */
      expiresIn: number
      refreshToken?: string
      token: string
      /** @enum {string} */
      tokenType: 'Bearer'
      user: components['schemas']['User']
    }
    /** SignIn */
    SignIn: {
      /** Format: email */
      email: string
      password: string
    }
    /** Span */
    Span: {
      attributes: {
        [key: string]: string
      }
      hasFailed: boolean
      ms: number
      name: string
      /** @description of the request itself: the span of its caller */
      parentId: string | null
      spanId: string
      /** @description since the request came */
      startMs: number
    }
    /** Status */
    Status: {
      instanceId: string
      /** @enum {string} */
      status: 'ok'
      /** @description seconds since this replica started */
      uptime: number
      version: string
    }
    /**
     * StreamEnd
     * @description data of the event `end`, the last of a stream
     */
    StreamEnd: {
      /** @enum {unknown} */
      reason: 'revoked' | 'expired' | 'draining'
    }
    /**
     * SystemPicture
     * @description data of the event `system`
     */
    SystemPicture: {
      /** @description by the count of nginx itself; empty where no replica can ask it */
      edge: components['schemas']['TierPicture'][]
      replicas: components['schemas']['ReplicaPicture'][]
      /** @description Unix milliseconds; the id of the event */
      time: number
      totals: {
        /** @description answered 5xx, but for those that were shed */
        errorsPerSecond: number
        p50Ms: number
        p99Ms: number
        /** @description a quota was spent, or more was asked than can be answered */
        rejectedPerSecond: number
        requestsPerSecond: number
      }
    }
    /** TierPicture */
    TierPicture: {
      /** @description open now, also those that wait for a request */
      connections: number
      /** @description connections taken and not served, for want of room */
      droppedPerSecond: number
      /** @description whether it tells its status */
      isUp: boolean
      /** @description whatever it answered or passed on: refused requests, probes and files too */
      requestsPerSecond: number
      /** @description gateway or balancer */
      tier: string
    }
    /** Trace */
    Trace: {
      /** @description why it was kept */
      because: 'failed' | 'slow' | 'sampled'
      errorCode: string | null
      instanceId: string
      method: string
      ms: number
      requestId: string
      route: string
      /** @description the request first, then its steps */
      spans: components['schemas']['Span'][]
      status: number
      tier: string
      /** Format: date-time */
      time: string
      traceId: string
    }
    /** Traces */
    Traces: {
      data: components['schemas']['Trace'][]
    }
    /** User */
    User: {
      /** Format: date-time */
      createdAt: string
      email: string
      id: number
      isActive: boolean
      name: string
      role: string
      /** @enum {unknown} */
      tier: 'free' | 'pro' | 'enterprise'
      /** Format: date-time */
      updatedAt: string
    }
    /** UserChanges */
    UserChanges: {
      /** Format: email */
      email?: string
      isActive?: boolean
      name?: string
      role?: string
      /** @enum {unknown} */
      tier?: 'free' | 'pro' | 'enterprise'
    }
  }
  responses: never
  parameters: never
  requestBodies: never
  headers: never
  pathItems: never
}
export type ApiKey = components['schemas']['ApiKey']
export type AskedReplica = components['schemas']['AskedReplica']
export type AuditEntry = components['schemas']['AuditEntry']
export type BreakerChange = components['schemas']['BreakerChange']
export type BreakerReport = components['schemas']['BreakerReport']
export type Breakers = components['schemas']['Breakers']
export type CacheKindStats = components['schemas']['CacheKindStats']
export type CacheReport = components['schemas']['CacheReport']
export type Dashboard = components['schemas']['Dashboard']
export type Experiment = components['schemas']['Experiment']
export type External = components['schemas']['External']
export type ForcedBreaker = components['schemas']['ForcedBreaker']
export type FoundItem = components['schemas']['FoundItem']
export type Health = components['schemas']['Health']
export type InvitedUser = components['schemas']['InvitedUser']
export type Item = components['schemas']['Item']
export type ItemChanges = components['schemas']['ItemChanges']
export type LoggedRequest = components['schemas']['LoggedRequest']
export type LogLevel = components['schemas']['LogLevel']
export type LogLevelChange = components['schemas']['LogLevelChange']
export type Me = components['schemas']['Me']
export type NewApiKey = components['schemas']['NewApiKey']
export type NewItem = components['schemas']['NewItem']
export type NewName = components['schemas']['NewName']
export type NewPassword = components['schemas']['NewPassword']
export type NewResource = components['schemas']['NewResource']
export type NewRole = components['schemas']['NewRole']
export type NewTier = components['schemas']['NewTier']
export type NewUser = components['schemas']['NewUser']
export type Pagination = components['schemas']['Pagination']
export type PasswordChange = components['schemas']['PasswordChange']
export type PasswordResetRequest = components['schemas']['PasswordResetRequest']
export type Problem = components['schemas']['Problem']
export type RateLimitReport = components['schemas']['RateLimitReport']
export type Readiness = components['schemas']['Readiness']
export type Registration = components['schemas']['Registration']
export type ReplicaPicture = components['schemas']['ReplicaPicture']
export type Replicas = components['schemas']['Replicas']
export type RequestEvent = components['schemas']['RequestEvent']
export type Resource = components['schemas']['Resource']
export type ResourceChanges = components['schemas']['ResourceChanges']
export type Role = components['schemas']['Role']
export type RoleChange = components['schemas']['RoleChange']
export type Rotation = components['schemas']['Rotation']
export type Session = components['schemas']['Session']
export type ShownApiKey = components['schemas']['ShownApiKey']
export type SignedIn = components['schemas']['SignedIn']
export type SignIn = components['schemas']['SignIn']
export type Span = components['schemas']['Span']
export type Status = components['schemas']['Status']
export type StreamEnd = components['schemas']['StreamEnd']
export type SystemPicture = components['schemas']['SystemPicture']
export type TierPicture = components['schemas']['TierPicture']
export type Trace = components['schemas']['Trace']
export type Traces = components['schemas']['Traces']
export type User = components['schemas']['User']
export type UserChanges = components['schemas']['UserChanges']
export type $defs = Record<string, never>
export interface operations {
  getRootWellKnownJwksJson: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            keys: {
              alg: string
              crv: string
              kid: string
              kty: string
              use: string
              x: string
            }[]
          }
        }
      }
    }
  }
  getAdminAudit: {
    parameters: {
      query?: {
        action?: string
        actorId?: number
        /** @description nextCursor of the page before */
        cursor?: string
        /** @description members to answer, comma separated */
        fields?: string
        limit?: number
        outcome?: 'done' | 'refused'
        skip?: number
        sort?: 'createdAt' | '-createdAt'
        target?: string
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            data: components['schemas']['AuditEntry'][]
            pagination: components['schemas']['Pagination']
          }
        }
      }
    }
  }
  getAdminCache: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['CacheReport']
        }
      }
    }
  }
  postAdminCacheClear: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @description answers the replica that answers held */
            cleared: number
          }
        }
      }
    }
  }
  getAdminCircuitBreakers: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Breakers']
        }
      }
    }
  }
  putAdminCircuitBreakersByName: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @example external */
        name: string
      }
      cookie?: never
    }
    requestBody: {
      content: {
        /**
         * @example {
         *       "state": "closed",
         *       "forSeconds": 60
         *     }
         */
        'application/json': components['schemas']['BreakerChange']
      }
    }
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['ForcedBreaker']
        }
      }
    }
  }
  getAdminDashboard: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Dashboard']
        }
      }
    }
  }
  getAdminEvents: {
    parameters: {
      query?: never
      header?: {
        'last-event-id'?: string
      }
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description The data of each event */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'text/event-stream':
            | components['schemas']['SystemPicture']
            | components['schemas']['RequestEvent']
            | components['schemas']['StreamEnd']
        }
      }
    }
  }
  postAdminExperimentsCrash: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': {
          instanceId: string
        }
      }
    }
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description what has begun */
      202: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Experiment']
        }
      }
    }
  }
  postAdminExperimentsCutRedis: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': {
          /** @description all replicas without it */
          instanceId?: string
          /** @default 5 */
          seconds?: number
        }
      }
    }
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description what has begun */
      202: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Experiment']
        }
      }
    }
  }
  postAdminExperimentsFlood: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        'application/json': {
          /** @default 200 */
          holdMs?: number
          /** @default 300 */
          requests?: number
        }
      }
    }
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description what has begun */
      202: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Experiment']
        }
      }
    }
  }
  getAdminLogLevel: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['LogLevel']
        }
      }
    }
  }
  putAdminLogLevel: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        /**
         * @example {
         *       "level": "info",
         *       "forSeconds": 60
         *     }
         */
        'application/json': components['schemas']['LogLevelChange']
      }
    }
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['LogLevel']
        }
      }
    }
  }
  getAdminRateLimits: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['RateLimitReport']
        }
      }
    }
  }
  getAdminReplicas: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Replicas']
        }
      }
    }
  }
  postAdminReplicasByIdDrain: {
    parameters: {
      query?: never
      header?: never
      path: {
        id: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description as it was when it was asked; its state changes with its next beat */
      202: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['AskedReplica']
        }
      }
    }
  }
  postAdminReplicasByIdUndrain: {
    parameters: {
      query?: never
      header?: never
      path: {
        id: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description as it was when it was asked; its state changes with its next beat */
      202: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['AskedReplica']
        }
      }
    }
  }
  getAdminRequests: {
    parameters: {
      query?: {
        /** @description nextCursor of the page before */
        cursor?: string
        errorCode?: string
        from?: string
        instanceId?: string
        limit?: number
        method?: string
        minMs?: number
        minStatus?: number
        requestId?: string
        /** @description e.g. /api/v1/items/:id */
        route?: string
        status?: number
        to?: string
        traceId?: string
        userId?: number
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            data: components['schemas']['LoggedRequest'][]
            pagination: components['schemas']['Pagination']
          }
        }
      }
    }
  }
  getAdminTraces: {
    parameters: {
      query?: {
        limit?: number
        /** @description took at least so long */
        minMs?: number
        /**
         * @description 503, or 5xx
         * @example 5xx
         */
        status?: string
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Traces']
        }
      }
    }
  }
  getAdminTracesByTraceId: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @example 4bf92f3577b34da6a3ce929d0e0e4736 */
        traceId: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Traces']
        }
      }
    }
  }
  putAdminUsersByIdTier: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @example 2 */
        id: number
      }
      cookie?: never
    }
    requestBody: {
      content: {
        /**
         * @example {
         *       "tier": "pro"
         *     }
         */
        'application/json': components['schemas']['NewTier']
      }
    }
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['User']
        }
      }
    }
  }
  getApiKeys: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            data: components['schemas']['ApiKey'][]
          }
        }
      }
    }
  }
  postApiKeys: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        /**
         * @example {
         *       "name": "reporting",
         *       "scopes": []
         *     }
         */
        'application/json': components['schemas']['NewApiKey']
      }
    }
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['ShownApiKey']
        }
      }
    }
  }
  deleteApiKeysById: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @example 3 */
        id: number
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
    }
  }
  postApiKeysByIdRotation: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @example 3 */
        id: number
      }
      cookie?: never
    }
    requestBody: {
      content: {
        /**
         * @example {
         *       "overlapSeconds": 3600
         *     }
         */
        'application/json': components['schemas']['Rotation']
      }
    }
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['ShownApiKey']
        }
      }
    }
  }
  postAuthLogin: {
    parameters: {
      query?: {
        refreshToken?: 'body' | 'cookie'
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        /**
         * @example {
         *       "email": "user@example.com",
         *       "password": "user123"
         *     }
         */
        'application/json': components['schemas']['SignIn']
      }
    }
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['SignedIn']
        }
      }
    }
  }
  postAuthLogout: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
    }
  }
  postAuthLogoutAll: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
    }
  }
  putAuthPassword: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        /**
         * @example {
         *       "token": "as the invitation gave it",
         *       "password": "a long enough sentence"
         *     }
         */
        'application/json': components['schemas']['NewPassword']
      }
    }
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
    }
  }
  postAuthPasswordReset: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        /**
         * @example {
         *       "email": "user@example.com"
         *     }
         */
        'application/json': components['schemas']['PasswordResetRequest']
      }
    }
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Accepted */
      202: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            /** @enum {string} */
            status: 'accepted'
          }
        }
      }
    }
  }
  postAuthRefresh: {
    parameters: {
      query?: {
        refreshToken?: 'body' | 'cookie'
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        /**
         * @example {
         *       "refreshToken": "as the sign-in gave it"
         *     }
         */
        'application/json': {
          refreshToken?: string
        } | null
      }
    }
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['SignedIn']
        }
      }
    }
  }
  postAuthRegister: {
    parameters: {
      query?: {
        refreshToken?: 'body' | 'cookie'
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        /**
         * @example {
         *       "email": "ben@example.org",
         *       "password": "a long enough sentence",
         *       "name": "Ben Example"
         *     }
         */
        'application/json': components['schemas']['Registration']
      }
    }
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['SignedIn']
        }
      }
    }
  }
  getExternal: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['External']
        }
      }
    }
  }
  getHealth: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Health']
        }
      }
    }
  }
  getHealthReady: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Readiness']
        }
      }
      /** @description Service Unavailable */
      503: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Readiness']
        }
      }
    }
  }
  getItems: {
    parameters: {
      query?: {
        /** @description nextCursor of the page before */
        cursor?: string
        /** @description members to answer, comma separated */
        fields?: string
        limit?: number
        ownerId?: number
        skip?: number
        sort?: 'createdAt' | '-createdAt' | 'title' | '-title'
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            data: components['schemas']['Item'][]
            pagination: components['schemas']['Pagination']
          }
        }
      }
    }
  }
  postItems: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        /**
         * @example {
         *       "title": "Green tea",
         *       "description": "Loose leaves, 100 g",
         *       "priceCents": 890
         *     }
         */
        'application/json': components['schemas']['NewItem']
      }
    }
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Item']
        }
      }
    }
  }
  getItemsById: {
    parameters: {
      query?: {
        /** @description members to answer, comma separated */
        fields?: string
      }
      header?: never
      path: {
        /** @example 1 */
        id: number
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Item']
        }
      }
    }
  }
  putItemsById: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @example 1 */
        id: number
      }
      cookie?: never
    }
    requestBody: {
      content: {
        /**
         * @example {
         *       "title": "Green tea",
         *       "description": "Loose leaves, 100 g",
         *       "priceCents": 890
         *     }
         */
        'application/json': components['schemas']['NewItem']
      }
    }
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Item']
        }
      }
    }
  }
  deleteItemsById: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @example 1 */
        id: number
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
    }
  }
  patchItemsById: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @example 1 */
        id: number
      }
      cookie?: never
    }
    requestBody: {
      content: {
        /**
         * @example {
         *       "title": "Green tea",
         *       "description": "Loose leaves, 100 g",
         *       "priceCents": 890
         *     }
         */
        'application/json': components['schemas']['ItemChanges']
      }
    }
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Item']
        }
      }
    }
  }
  postItemsBatch: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        /**
         * @example {
         *       "items": [
         *         {
         *           "title": "Green tea",
         *           "description": "Loose leaves, 100 g",
         *           "priceCents": 890
         *         }
         *       ]
         *     }
         */
        'application/json': {
          items: components['schemas']['NewItem'][]
        }
      }
    }
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            data: components['schemas']['Item'][]
          }
        }
      }
    }
  }
  getMe: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Me']
        }
      }
    }
  }
  deleteMe: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
    }
  }
  patchMe: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        /**
         * @example {
         *       "name": "Ann Other"
         *     }
         */
        'application/json': components['schemas']['NewName']
      }
    }
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Me']
        }
      }
    }
  }
  getMeExport: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            [key: string]: unknown
          }
        }
      }
    }
  }
  putMePassword: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        /**
         * @example {
         *       "currentPassword": "admin123",
         *       "newPassword": "a long enough sentence"
         *     }
         */
        'application/json': components['schemas']['PasswordChange']
      }
    }
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
    }
  }
  getMeSessions: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            data: components['schemas']['Session'][]
          }
        }
      }
    }
  }
  deleteMeSessionsById: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @example 1 */
        id: number
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
    }
  }
  getResources: {
    parameters: {
      query?: {
        /** @description nextCursor of the page before */
        cursor?: string
        /** @description members to answer, comma separated */
        fields?: string
        limit?: number
        ownerId?: number
        skip?: number
        sort?: 'createdAt' | '-createdAt' | 'name' | '-name'
        type?: string
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            data: components['schemas']['Resource'][]
            pagination: components['schemas']['Pagination']
          }
        }
      }
    }
  }
  postResources: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        /**
         * @example {
         *       "name": "Handbook",
         *       "type": "document",
         *       "metadata": {
         *         "pages": 48
         *       }
         *     }
         */
        'application/json': components['schemas']['NewResource']
      }
    }
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Resource']
        }
      }
    }
  }
  getResourcesById: {
    parameters: {
      query?: {
        /** @description members to answer, comma separated */
        fields?: string
      }
      header?: never
      path: {
        /** @example 1 */
        id: number
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Resource']
        }
      }
    }
  }
  putResourcesById: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @example 1 */
        id: number
      }
      cookie?: never
    }
    requestBody: {
      content: {
        /**
         * @example {
         *       "name": "Handbook",
         *       "type": "document",
         *       "metadata": {
         *         "pages": 48
         *       }
         *     }
         */
        'application/json': components['schemas']['NewResource']
      }
    }
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Resource']
        }
      }
    }
  }
  deleteResourcesById: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @example 1 */
        id: number
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
    }
  }
  patchResourcesById: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @example 1 */
        id: number
      }
      cookie?: never
    }
    requestBody: {
      content: {
        /**
         * @example {
         *       "name": "Handbook",
         *       "type": "document",
         *       "metadata": {
         *         "pages": 48
         *       }
         *     }
         */
        'application/json': components['schemas']['ResourceChanges']
      }
    }
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Resource']
        }
      }
    }
  }
  postResourcesBatch: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        /**
         * @example {
         *       "resources": [
         *         {
         *           "name": "Handbook",
         *           "type": "document",
         *           "metadata": {
         *             "pages": 48
         *           }
         *         }
         *       ]
         *     }
         */
        'application/json': {
          resources: components['schemas']['NewResource'][]
        }
      }
    }
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            data: components['schemas']['Resource'][]
          }
        }
      }
    }
  }
  getRoles: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            data: components['schemas']['Role'][]
            permissions: string[]
          }
        }
      }
    }
  }
  postRoles: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        /**
         * @example {
         *       "name": "reporter",
         *       "permissions": [
         *         "users:read"
         *       ]
         *     }
         */
        'application/json': components['schemas']['NewRole']
      }
    }
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Role']
        }
      }
    }
  }
  getRolesByName: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @example reporter */
        name: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Role']
        }
      }
    }
  }
  putRolesByName: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @example reporter */
        name: string
      }
      cookie?: never
    }
    requestBody: {
      content: {
        /**
         * @example {
         *       "permissions": [
         *         "users:read",
         *         "admin:read"
         *       ]
         *     }
         */
        'application/json': components['schemas']['RoleChange']
      }
    }
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Role']
        }
      }
    }
  }
  deleteRolesByName: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @example reporter */
        name: string
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
    }
  }
  getSearchItems: {
    parameters: {
      query: {
        /** @description nextCursor of the page before */
        cursor?: string
        limit?: number
        /**
         * @description words; the last may be unfinished, all may be misspelt
         * @example coper kett
         */
        q: string
        skip?: number
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            data: components['schemas']['FoundItem'][]
            pagination: components['schemas']['Pagination']
          }
        }
      }
    }
  }
  getStatus: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Status']
        }
      }
    }
  }
  getUsers: {
    parameters: {
      query?: {
        /** @description nextCursor of the page before */
        cursor?: string
        email?: string
        /** @description members to answer, comma separated */
        fields?: string
        limit?: number
        role?: string
        skip?: number
        sort?: 'createdAt' | '-createdAt' | 'name' | '-name' | 'email' | '-email'
        tier?: 'free' | 'pro' | 'enterprise'
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            data: components['schemas']['User'][]
            pagination: components['schemas']['Pagination']
          }
        }
      }
    }
  }
  postUsers: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        /**
         * @example {
         *       "name": "Ann Example",
         *       "email": "ann@example.org"
         *     }
         */
        'application/json': components['schemas']['NewUser']
      }
    }
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['InvitedUser']
        }
      }
    }
  }
  getUsersById: {
    parameters: {
      query?: {
        /** @description members to answer, comma separated */
        fields?: string
      }
      header?: never
      path: {
        /** @example 2 */
        id: number
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['User']
        }
      }
    }
  }
  deleteUsersById: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @example 2 */
        id: number
      }
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description No Content */
      204: {
        headers: {
          [name: string]: unknown
        }
        content?: never
      }
    }
  }
  patchUsersById: {
    parameters: {
      query?: never
      header?: never
      path: {
        /** @example 2 */
        id: number
      }
      cookie?: never
    }
    requestBody: {
      content: {
        /**
         * @example {
         *       "name": "Ann Other"
         *     }
         */
        'application/json': components['schemas']['UserChanges']
      }
    }
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['User']
        }
      }
    }
  }
  postUsersBatch: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        /**
         * @example {
         *       "users": [
         *         {
         *           "name": "Cleo Example",
         *           "email": "cleo@example.org",
         *           "tier": "pro"
         *         }
         *       ]
         *     }
         */
        'application/json': {
          users: components['schemas']['NewUser'][]
        }
      }
    }
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': {
            data: components['schemas']['InvitedUser'][]
          }
        }
      }
    }
  }
  postUsersLogin: {
    parameters: {
      query?: {
        refreshToken?: 'body' | 'cookie'
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        /**
         * @example {
         *       "email": "user@example.com",
         *       "password": "user123"
         *     }
         */
        'application/json': components['schemas']['SignIn']
      }
    }
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['SignedIn']
        }
      }
    }
  }
  postUsersRegister: {
    parameters: {
      query?: {
        refreshToken?: 'body' | 'cookie'
      }
      header?: never
      path?: never
      cookie?: never
    }
    requestBody: {
      content: {
        /**
         * @example {
         *       "email": "ben@example.org",
         *       "password": "a long enough sentence",
         *       "name": "Ben Example"
         *     }
         */
        'application/json': components['schemas']['Registration']
      }
    }
    responses: {
      /** @description Refused */
      '4XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Failed */
      '5XX': {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/problem+json': components['schemas']['Problem']
        }
      }
      /** @description Created */
      201: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['SignedIn']
        }
      }
    }
  }
  getRootHealth: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Health']
        }
      }
    }
  }
  getRootHealthReady: {
    parameters: {
      query?: never
      header?: never
      path?: never
      cookie?: never
    }
    requestBody?: never
    responses: {
      /** @description OK */
      200: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Readiness']
        }
      }
      /** @description Service Unavailable */
      503: {
        headers: {
          [name: string]: unknown
        }
        content: {
          'application/json': components['schemas']['Readiness']
        }
      }
    }
  }
}
