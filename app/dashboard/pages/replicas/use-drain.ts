import { useMutation } from '@tanstack/react-query'
import { answered, api } from '#dashboard/api/api.ts'
import { confirm } from '#dashboard/components/confirm.tsx'
import { toast } from '#dashboard/components/toast.tsx'

/** The state that follows comes by the live stream, with the replica's next beat. */
export function useDrain(id: string) {
  const params = { path: { id } }
  const undrain = useMutation({
    mutationFn: () => answered(api.POST('/api/v1/admin/replicas/{id}/undrain', { params })),
    onSuccess: () => toast.done(`${id} comes back`),
    onError: toast.failed,
  })
  const drain = useMutation({
    mutationFn: () => answered(api.POST('/api/v1/admin/replicas/{id}/drain', { params })),
    onSuccess: () => toast.done(`${id} is being drained`, () => undrain.mutate()),
    onError: toast.failed,
  })
  return {
    isBusy: drain.isPending || undrain.isPending,
    undrain: () => undrain.mutate(),
    drain: async () => {
      const isSure = await confirm({
        title: `Drain ${id}?`,
        text: 'It answers what it has and is sent nothing more. The others take its share until you bring it back, or for an hour.',
        verb: 'Drain',
        isDangerous: false,
      })
      if (isSure) drain.mutate()
    },
  }
}
