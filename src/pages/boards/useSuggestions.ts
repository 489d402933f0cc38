import { useEffect, useRef, useState } from 'preact/hooks'
import type { Profile } from '../../contributions/user.ts'
import { fetchApi, type ApiProblem } from '../api/fetchApi.ts'
import { findByBeginning, isSearchable } from './findPeople.ts'

/** How long typing must pause before a search: slower than a key is repeated, faster than a reader notices. */
const pauseMilliseconds = 150

interface Suggestions {
  /** Undefined while nothing is suggested. */
  users: readonly Profile[] | undefined
  problem: ApiProblem | undefined
}

const nothing: Suggestions = { users: undefined, problem: undefined }

/** The people whose name begins with what is typed. `look` starts a search, and an answer to an earlier one is dropped. */
export const useSuggestions = (): {
  suggestions: Suggestions
  look: (text: string) => void
  close: () => void
} => {
  const [suggestions, setSuggestions] = useState(nothing)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const latest = useRef('')
  const search = async (text: string): Promise<void> => {
    const result = await findByBeginning(fetchApi('default'), text)
    if (latest.current !== text) return
    setSuggestions(
      result.ok ? { users: result.body, problem: undefined } : { users: undefined, problem: result },
    )
  }
  const close = (): void => {
    clearTimeout(timer.current)
    latest.current = ''
    setSuggestions(nothing)
  }
  const look = (typed: string): void => {
    const text = typed.trim()
    clearTimeout(timer.current)
    latest.current = text
    if (!isSearchable(text)) return setSuggestions(nothing)
    timer.current = setTimeout(() => void search(text), pauseMilliseconds)
  }
  useEffect(() => () => clearTimeout(timer.current), [])
  return { suggestions, look, close }
}
