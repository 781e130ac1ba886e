import { useEffect, useState } from 'react'
import { Button } from './button.tsx'

/** Copies a text, and says so on the button itself. */
export function Copy({ text, children = 'Copy' }: { readonly text: string; readonly children?: string }) {
  const [isCopied, setCopied] = useState(false)
  useEffect(() => {
    if (!isCopied) return
    const timer = setTimeout(() => setCopied(false), 2_000)
    return () => clearTimeout(timer)
  }, [isCopied])
  return (
    <Button
      icon={isCopied ? 'check' : 'copy'}
      onClick={async () => {
        await navigator.clipboard.writeText(text)
        setCopied(true)
      }}
    >
      {isCopied ? 'Copied' : children}
    </Button>
  )
}
