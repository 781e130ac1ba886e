/** Which image each service runs, where that is not the one of docker-compose.yml: a second Compose file beside it. */

import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Layout } from './layout.ts'

export interface Choice {
  readonly image: string
  readonly build?: { readonly context: string; readonly dockerfile: string }
}

interface Choices {
  readonly services: Readonly<Record<string, Choice>>
  /** What is no service, but remembered with them: Compose passes over names that begin like this. */
  readonly 'x-images': Readonly<Record<string, string>>
}

const services = new Set(['api-1', 'api-2', 'api-3', 'setup', 'migrate'])
const none: Choices = { services: {}, 'x-images': {} }

const fileOf = (layout: Layout): string => join(layout.state, 'releases', 'docker-compose.json')

/** For Compose, after docker-compose.yml; undefined while nothing was chosen. */
export const choicesFile = (layout: Layout): string | undefined =>
  existsSync(fileOf(layout)) ? fileOf(layout) : undefined

export function imageOf(layout: Layout, name: string): string | undefined {
  const choices = read(layout)
  return choices.services[name]?.image ?? choices['x-images'][name]
}

/** A name that is no service of ours is only remembered. */
export function chooseImage(layout: Layout, name: string, image: string): void {
  const choices = read(layout)
  write(
    fileOf(layout),
    services.has(name)
      ? { ...choices, services: { ...choices.services, [name]: { image } } }
      : { ...choices, 'x-images': { ...choices['x-images'], [name]: image } },
  )
}

/** The Compose file of one choice, while `work` lasts. */
export function withChoice(layout: Layout, name: string, choice: Choice, work: (file: string) => void): void {
  const file = join(dirname(fileOf(layout)), 'building.json')
  write(file, { ...none, services: { [name]: choice } })
  try {
    work(file)
  } finally {
    rmSync(file)
  }
}

const read = (layout: Layout): Choices => {
  const file = choicesFile(layout)
  return file === undefined ? none : JSON.parse(readFileSync(file, 'utf8'))
}

/** JSON, which is YAML too. */
function write(file: string, choices: Choices): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(`${file}.next`, JSON.stringify(choices, undefined, 2))
  renameSync(`${file}.next`, file)
}
