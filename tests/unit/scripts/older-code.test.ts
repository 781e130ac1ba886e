import { rmSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { isOlder } from '#scripts/engine/older-code.ts'

t.test('a process is older than a file that was written, added or removed after it began', async (t) => {
  const folder = t.testdir({ app: { deep: { 'a.ts': '', 'b.ts': '' } }, other: { 'c.ts': '' }, pid: '' })
  const at = (path: string, second: number) => utimesSync(join(folder, path), second, second)
  const pid = join(folder, 'pid')
  const older = () => isOlder(pid, ['app/**/*'], folder)
  for (const path of ['app', 'app/deep', 'app/deep/a.ts', 'app/deep/b.ts']) at(path, 100)
  at('pid', 200)
  t.notOk(older(), 'nothing came after it')
  at('other/c.ts', 300)
  t.notOk(older(), 'nothing it runs')
  at('app/deep/a.ts', 300)
  t.ok(older())
  at('app/deep/a.ts', 100)
  rmSync(join(folder, 'app', 'deep', 'b.ts'))
  t.ok(older(), 'a folder knows when something went')
})

t.test('nothing is said of a process that does not run', async (t) => {
  const folder = t.testdir({ app: { 'a.ts': '' } })
  t.notOk(isOlder(join(folder, 'pid'), ['app/*'], folder))
})
