import { Page } from '#dashboard/components/layout.tsx'

export default function Topology() {
  return <Page title="Topology">…</Page>
}
