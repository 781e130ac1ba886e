/** The mark of Sluice: water let through. */
export const Mark = ({ size = 28 }: { readonly size?: number }) => (
  <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
    <rect width="32" height="32" rx="8" fill="var(--accent)" />
    <path
      d="M7 12c3-3 6-3 9 0s6 3 9 0M7 20c3-3 6-3 9 0s6 3 9 0"
      fill="none"
      stroke="var(--on-accent)"
      strokeWidth="2.6"
      strokeLinecap="round"
    />
  </svg>
)
