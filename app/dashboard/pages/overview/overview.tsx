import { Page } from '#dashboard/components/layout.tsx'

export default function Overview() {
  return <Page title="Overview">…</Page>
}
