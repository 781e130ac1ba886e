/** Draws the network: lines as SVG below, nodes and labels as HTML above, so that text stays text. */

import { useLayoutEffect, useRef, useState } from 'react'
import type { SystemPicture } from '#client/index.ts'
import { State } from '#dashboard/components/badge.tsx'
import { count, duration } from '#dashboard/components/numbers.ts'
import { type Flow, type Link, type Node, networkOf } from './network.ts'
import css from './network-map.module.css'
import { lying, type Plan, type Point, standing } from './plan.ts'

interface MapProps {
  readonly picture: SystemPicture
  readonly isConnected: boolean
  readonly selected: string
  readonly onSelect: (id: string) => void
}

/** Below, the map stands on end. */
const standsBelowPx = 820
/** Below, there is only room for the store labels of what was chosen. */
const tinyBelowPx = 560

export function NetworkMap({ picture, isConnected, selected, onSelect }: MapProps) {
  const frame = useRef<HTMLDivElement>(null)
  const widthPx = useWidth(frame)
  const isStanding = widthPx < standsBelowPx
  const plan = isStanding ? standing : lying
  const { nodes, links } = networkOf(picture, plan, isConnected)
  const isShown = ({ from, to }: Link) => selected === '' || from.id === selected || to.id === selected
  return (
    <div ref={frame} className={css.map} data-standing={isStanding}>
      <svg className={css.lines} viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
        {links.map((link) => (
          <Line key={link.id} link={link} plan={plan} isFaint={!isShown(link)} />
        ))}
      </svg>
      {links.map((link) => {
        const isStoreLink = link.labelAt < 0.5
        if (
          link.flow === undefined ||
          (isStoreLink && widthPx < tinyBelowPx && (selected === '' || !isShown(link)))
        )
          return null
        return (
          <Label
            key={link.id}
            link={link}
            flow={link.flow}
            at={plan.route(link.from.at, link.to.at).at(link.labelAt)}
            isFaint={!isShown(link)}
          />
        )
      })}
      {nodes.map((node) => (
        <NodeButton key={node.id} node={node} isSelected={node.id === selected} onSelect={onSelect} />
      ))}
    </div>
  )
}

/** Quicker with more traffic, in steps, so that nothing jerks from beat to beat. */
const paceOf = (perSecond: number): string =>
  perSecond === 0 ? 'still' : perSecond < 10 ? 'slow' : perSecond < 100 ? 'steady' : 'quick'

function Line({
  link: { from, to, flow },
  plan,
  isFaint,
}: {
  readonly link: Link
  readonly plan: Plan
  readonly isFaint: boolean
}) {
  const { path } = plan.route(from.at, to.at)
  const hasErrors = flow !== undefined && flow.errorsPerSecond > 0
  return (
    <g className={css.link} data-cut={flow === undefined} data-errors={hasErrors} data-faint={isFaint}>
      <path className={css.bed} d={path} />
      {flow && <path className={css.flow} d={path} data-pace={paceOf(flow.perSecond)} />}
    </g>
  )
}

interface LabelProps {
  readonly link: Link
  readonly flow: Flow
  readonly at: Point
  readonly isFaint: boolean
}

function Label({ link, flow, at, isFaint }: LabelProps) {
  const { perSecond, errorsPerSecond, p99Ms, keptPerSecond } = flow
  return (
    <p className={css.label} style={place(at)} data-faint={isFaint}>
      <span className="spoken">
        {link.from.title} to {link.to.title}:{' '}
      </span>
      <strong>{count(perSecond)}/s</strong>
      {perSecond > 0 && <span>{duration(p99Ms)}</span>}
      {keptPerSecond > 0 && <span className={css.kept}>{count(keptPerSecond)}/s kept</span>}
      {errorsPerSecond > 0 && <span className={css.errors}>{count(errorsPerSecond)} errors/s</span>}
    </p>
  )
}

interface NodeButtonProps {
  readonly node: Node
  readonly isSelected: boolean
  readonly onSelect: (id: string) => void
}

const NodeButton = ({
  node: { id, title, at, tone, state, note },
  isSelected,
  onSelect,
}: NodeButtonProps) => (
  <button
    type="button"
    className={css.node}
    style={place(at)}
    data-tone={tone}
    data-state={state}
    aria-pressed={isSelected}
    onClick={() => onSelect(id)}
  >
    <strong>{title}</strong>
    <State tone={tone}>{state}</State>
    <small>{note}</small>
  </button>
)

const place = ({ x, y }: Point) => ({ left: `${x}%`, top: `${y}%` })

function useWidth(frame: { readonly current: HTMLElement | null }): number {
  const [widthPx, setWidth] = useState(window.innerWidth)
  useLayoutEffect(() => {
    const element = frame.current
    if (element === null) return
    setWidth(element.clientWidth)
    const watcher = new ResizeObserver(() => setWidth(element.clientWidth))
    watcher.observe(element)
    return () => watcher.disconnect()
  }, [frame])
  return widthPx
}
