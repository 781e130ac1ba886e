/** How much all replicas write into their logs: more for a while, when something is looked for. */

import { useQuery } from '@tanstack/react-query'
import type { LogLevel, LogLevelChange } from '#client/index.ts'
import { answered, api } from '#dashboard/api/api.ts'
import { queryClient } from '#dashboard/api/query-client.ts'
import { Button } from '#dashboard/components/button.tsx'
import { SelectField } from '#dashboard/components/field.tsx'
import { Form, useForm } from '#dashboard/components/form.tsx'
import { Card } from '#dashboard/components/layout.tsx'
import { Failed, Loading } from '#dashboard/components/states.tsx'
import { Until } from '#dashboard/components/time.tsx'
import { toast } from '#dashboard/components/toast.tsx'
import { useMay } from '#dashboard/session/session.ts'

const levels = ['debug', 'info', 'warn', 'error', 'silent'] as const
const forSeconds = 3_600

export function LogLevelCard() {
  const { data, error, refetch } = useQuery({
    queryKey: ['log-level'],
    queryFn: () => answered(api.GET('/api/v1/admin/log-level')),
  })
  return (
    <Card title="Logs" about={data && <About now={data} />}>
      {data ? (
        <Choice now={data} />
      ) : error ? (
        <Failed error={error} retry={refetch} />
      ) : (
        <Loading lines={1} />
      )}
    </Card>
  )
}

const About = ({ now: { level, configured, until } }: { readonly now: LogLevel }) =>
  until === null ? (
    `All replicas log ${level}, as configured`
  ) : (
    <>
      All replicas log {level}; {configured} again <Until time={until} />
    </>
  )

function Choice({ now: { level, configured } }: { readonly now: LogLevel }) {
  const mayChange = useMay('admin:write')
  const form = useForm(async (values) => {
    const wanted = levels.find((each) => each === values.level) ?? 'info'
    const body: LogLevelChange = { level: wanted, forSeconds }
    const now = await answered(api.PUT('/api/v1/admin/log-level', { body }))
    toast.done(wanted === configured ? 'Logging as configured' : `Logging ${wanted} for an hour`)
    // Another replica might be asked, which hears of it with its next beat.
    queryClient.setQueryData(['log-level'], now)
  })
  return (
    <Form form={form}>
      <SelectField
        key={level}
        label="Level"
        name="level"
        disabled={!mayChange}
        options={levels.map((each) => ({ value: each, label: each }))}
        defaultValue={level}
        hint="Another one than the configured holds for an hour."
      />
      {mayChange && (
        <Button type="submit" isBusy={form.isBusy}>
          Set at all replicas
        </Button>
      )}
    </Form>
  )
}
