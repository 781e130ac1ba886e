/** The icons, drawn here: 20 units, one stroke, the colour of the text beside them. Decoration only, so not read aloud. */

const paths = {
  overview: 'M3 16.5V10m4.7 6.5v-12m4.6 12V8m4.7 8.5v-4',
  topology: 'M3 10h4m6 0h4M7 10a3 3 0 1 0 6 0 3 3 0 1 0-6 0M10 7V3m0 14v-4',
  replicas: 'M3.5 4h13v4.5h-13zM3.5 11.500h13V16h-13zM6.5 6.250h.01M6.5 13.750h.01',
  breakers: 'M3 10h4l5.5-4.500M13 10h4M12.9 10a.9.9 0 1 0-.01 0',
  cache: 'M10 3 3 6.500l7 3.5 7-3.500zM3 10l7 3.5 7-3.500M3 13.5 10 17l7-3.5',
  limits: 'M3.5 14.500a7.5 7.5 0 1 1 13 0M10 12l3-4.5',
  requests: 'M3 5h14M3 10h14M3 15h9',
  traces: 'M3 5h8M6 10h9M10 15h7',
  audit: 'M10 2.8 4 5v5c0 3.6 2.5 6.2 6 7.2 3.5-1 6-3.6 6-7.200V5zM7.5 10l1.8 1.8 3.3-3.5',
  experiments:
    'M8 3h4M8.8 3v4.800L4.2 15.200A1.2 1.2 0 0 0 5.2 17h9.600a1.2 1.2 0 0 0 1-1.800L11.2 7.800V3M6.5 12.500h7',
  resources: 'M3 6.5 10 3l7 3.500v7L10 17l-7-3.500zM3 6.5 10 10l7-3.500M10 10v7',
  items: 'M10.5 3H4v6.500l7.5 7.5 6.5-6.500zM7 6.500h.01',
  users:
    'M7.5 10a3 3 0 1 0 0-6 3 3 0 0 0 0 6M2.5 16.500c0-2.5 2-4.5 5-4.500s5 2 5 4.500M13 4.300a3 3 0 0 1 0 5.500M14.5 12.300c1.9.6 3 2.2 3 4.2',
  keys: 'M7 16.500a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7M9.5 10.5 16.5 3.500M13.5 6.500l2.5 2.5',
  sessions: 'M3 4h14v9H3zM7.5 16.500h5M10 13v3.5',
  account: 'M10 10.500a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7M3.5 17c.5-3 3-4.5 6.5-4.500s6 1.5 6.5 4.5',
  docs: 'M5 3h7l3 3v11H5zM12 3v3h3M8 10h4M8 13h4',
  menu: 'M3 6h14M3 10h14M3 14h14',
  close: 'M5 5l10 10M15 5 5 15',
  plus: 'M10 4v12M4 10h12',
  search: 'M9 15A6 6 0 1 0 9 3a6 6 0 0 0 0 12M13.5 13.5 17 17',
  more: 'M4.5 10h.01M10 10h.01M15.5 10h.01',
  copy: 'M7 7h9v9H7zM4 13V4h9',
  check: 'M4 10.5 8 14.5 16 6',
  alert: 'M10 3 2.5 16.500h15zM10 8v4M10 14.200h.01',
  edit: 'M4 16l.7-3.200L13 4.500a1.4 1.4 0 0 1 2 0l.5.5a1.4 1.4 0 0 1 0 2L7.2 15.300z',
  trash: 'M4 6h12M8 6V4h4v2M5.5 6l.7 11h7.600l.7-11M8.5 9v5M11.5 9v5',
  refresh: 'M16.5 10a6.5 6.5 0 1 1-2-4.700M16.5 3v3.500H13',
  sun: 'M10 13.500a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7M10 2v1.500M10 16.500V18M2 10h1.500M16.5 10H18M4.3 4.300l1.1 1.100M14.6 14.600l1.1 1.100M4.3 15.700l1.1-1.100M14.6 5.400l1.1-1.1',
  moon: 'M16.5 11.800A6.8 6.8 0 0 1 8.2 3.500a6.8 6.8 0 1 0 8.3 8.3',
  system: 'M3 4h14v9.500H3zM10 4v9.500M7 16.500h6',
  leave: 'M12 4H4v12h8M8.5 10H17M14 7l3 3-3 3',
  left: 'M12 5l-5 5 5 5',
  right: 'M8 5l5 5-5 5',
} as const

export type IconName = keyof typeof paths

export function Icon({ name, size = 18 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={paths[name]} />
    </svg>
  )
}
