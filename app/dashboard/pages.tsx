/** Every page: where it is, what the menu says, who sees it. A new page is a file in pages/ and a line here. */

import { type ComponentType, type LazyExoticComponent, lazy } from 'react'
import type { IconName } from './components/icon.tsx'

export interface PageEntry {
  readonly path: string
  readonly title: string
  readonly icon: IconName
  readonly group: 'System' | 'Records' | 'Data' | 'You'
  /** Seen only by those who hold it. */
  readonly permission?: string
  /** Only where this instance runs as a demo. */
  readonly isDemoOnly?: boolean
  readonly page: LazyExoticComponent<ComponentType>
}

export const pages: readonly PageEntry[] = [
  {
    path: '/overview',
    title: 'Overview',
    icon: 'overview',
    group: 'System',
    permission: 'admin:read',
    page: lazy(() => import('./pages/overview/overview.tsx')),
  },
  {
    path: '/topology',
    title: 'Topology',
    icon: 'topology',
    group: 'System',
    permission: 'admin:read',
    page: lazy(() => import('./pages/topology/topology.tsx')),
  },
  {
    path: '/replicas',
    title: 'Replicas',
    icon: 'replicas',
    group: 'System',
    permission: 'admin:read',
    page: lazy(() => import('./pages/replicas/replicas.tsx')),
  },
  {
    path: '/breakers',
    title: 'Breakers',
    icon: 'breakers',
    group: 'System',
    permission: 'admin:read',
    page: lazy(() => import('./pages/breakers/breakers.tsx')),
  },
  {
    path: '/cache',
    title: 'Cache',
    icon: 'cache',
    group: 'System',
    permission: 'admin:read',
    page: lazy(() => import('./pages/cache/cache.tsx')),
  },
  {
    path: '/limits',
    title: 'Limits',
    icon: 'limits',
    group: 'System',
    permission: 'admin:read',
    page: lazy(() => import('./pages/limits/limits.tsx')),
  },
  {
    path: '/experiments',
    title: 'Experiments',
    icon: 'experiments',
    group: 'System',
    permission: 'admin:write',
    isDemoOnly: true,
    page: lazy(() => import('./pages/experiments/experiments.tsx')),
  },
  {
    path: '/requests',
    title: 'Requests',
    icon: 'requests',
    group: 'Records',
    permission: 'admin:read',
    page: lazy(() => import('./pages/requests/requests.tsx')),
  },
  {
    path: '/traces',
    title: 'Traces',
    icon: 'traces',
    group: 'Records',
    permission: 'admin:read',
    page: lazy(() => import('./pages/traces/traces.tsx')),
  },
  {
    path: '/audit',
    title: 'Audit',
    icon: 'audit',
    group: 'Records',
    permission: 'audit:read',
    page: lazy(() => import('./pages/audit/audit.tsx')),
  },
  {
    path: '/resources',
    title: 'Resources',
    icon: 'resources',
    group: 'Data',
    page: lazy(() => import('./pages/resources/resources.tsx')),
  },
  {
    path: '/items',
    title: 'Items',
    icon: 'items',
    group: 'Data',
    page: lazy(() => import('./pages/items/items.tsx')),
  },
  {
    path: '/users',
    title: 'Users',
    icon: 'users',
    group: 'Data',
    permission: 'users:read',
    page: lazy(() => import('./pages/users/users.tsx')),
  },
  {
    path: '/account',
    title: 'Account',
    icon: 'account',
    group: 'You',
    page: lazy(() => import('./pages/account/account.tsx')),
  },
  {
    path: '/keys',
    title: 'API keys',
    icon: 'keys',
    group: 'You',
    page: lazy(() => import('./pages/keys/keys.tsx')),
  },
  {
    path: '/sessions',
    title: 'Sessions',
    icon: 'sessions',
    group: 'You',
    page: lazy(() => import('./pages/sessions/sessions.tsx')),
  },
]
