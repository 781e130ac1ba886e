/** What package-lock.json promises about each package: where it comes from, that it is whole, what it may do. */

import { installScripts, licences, licencesRead } from './allowed.ts'

export interface Lockfile {
  readonly lockfileVersion: number
  readonly packages: Readonly<Record<string, LockedPackage>>
}

export interface LockedPackage {
  readonly version?: string
  readonly resolved?: string
  readonly integrity?: string
  readonly license?: string
  readonly hasInstallScript?: boolean
  readonly link?: boolean
  readonly inBundle?: boolean
  readonly optional?: boolean
  readonly os?: readonly string[]
  readonly cpu?: readonly string[]
  readonly libc?: readonly string[]
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

export interface Finding {
  readonly problems: readonly string[]
  /** Said, but no reason to fail. */
  readonly notes: readonly string[]
}

/** Every package comes from the registry of whoever installs, and its content is the one that was locked. */
export function checkSources(lockfile: Lockfile): Finding {
  const packages = locked(lockfile)
  if (packages.length === 0) return { problems: ['no package is locked'], notes: [] }
  const foreign = packages.filter(([, entry]) => !entry.integrity && !isWhole(entry) && isForeign(entry))
  return {
    problems: [
      ...(lockfile.lockfileVersion < 3 ? ['lockfileVersion must be 3: npm install with npm 9 or newer'] : []),
      ...Object.entries(declared(lockfile)).flatMap(([name, range]) =>
        /[:/]/.test(range.replace(/^npm:/, ''))
          ? [`${name} is asked for as ${range}: only versions of the registry`]
          : [],
      ),
      ...packages.flatMap(([path, entry]) => {
        if (entry.link) return [`${path} is a link to a folder`]
        if (entry.resolved)
          return [`${path} names an address, ${entry.resolved}: npm install with our .npmrc drops it`]
        if (entry.integrity) return entry.integrity.startsWith('sha512-') ? [] : [`${path} has a weak hash`]
        return isWhole(entry) || isForeign(entry) ? [] : [`${path} has no integrity hash`]
      }),
    ],
    notes:
      foreign.length === 0
        ? []
        : [`${foreign.length} binaries for other platforms are locked by version only`],
  }
}

/** Installing runs no code but what the list allows. */
export function checkInstallScripts(lockfile: Lockfile): Finding {
  const names = locked(lockfile)
    .filter(([, entry]) => entry.hasInstallScript)
    .map(([path]) => nameOf(path))
  return {
    problems: [...new Set(names)]
      .filter((name) => !(name in installScripts))
      .map(
        (name) =>
          `${name} runs a script when it is installed: allow it in scripts/security/allowed.ts, or do without`,
      ),
    notes: Object.keys(installScripts)
      .filter((name) => !names.includes(name))
      .map((name) => `${name} is allowed an install script and has none`),
  }
}

export function checkLicences(lockfile: Lockfile): Finding {
  return {
    problems: locked(lockfile).flatMap(([path, entry]) => {
      const licence = entry.license ?? licencesRead[nameOf(path)]
      if (licence === undefined) return isForeign(entry) ? [] : [`${path} states no licence`]
      return isAllowed(licence) ? [] : [`${path} is under ${licence}`]
    }),
    notes: [],
  }
}

/** An SPDX expression: of `A OR B` one must be allowed, of `A AND B` both. */
export function isAllowed(expression: string): boolean {
  const plain = expression.replace(/[()]/g, '')
  return plain
    .split(/ OR /i)
    .some((choice) => choice.split(/ AND /i).every((name) => licences.has(name.trim())))
}

const locked = ({ packages }: Lockfile) => Object.entries(packages).filter(([path]) => path !== '')

const nameOf = (path: string): string => path.split('node_modules/').at(-1) ?? path

const declared = ({ packages: { '': root } }: Lockfile): Record<string, string> => ({
  ...root?.dependencies,
  ...root?.devDependencies,
  ...root?.optionalDependencies,
})

/** Part of another package's archive, and covered by its hash. */
const isWhole = (entry: LockedPackage): boolean => entry.inBundle === true

/** An optional binary for a platform this project is not deployed on: no deployment ever installs it. */
const isForeign = ({ optional, os, cpu, libc }: LockedPackage): boolean =>
  optional === true &&
  ((os !== undefined && !os.includes('linux')) ||
    (cpu !== undefined && !cpu.includes('x64') && !cpu.includes('arm64')) ||
    (libc !== undefined && !libc.includes('glibc')))
