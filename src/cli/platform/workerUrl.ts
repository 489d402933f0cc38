import { InvalidArgumentError } from 'commander'
import { isLocal } from './localAddress.ts'

/**
 * Parses the value of `--url`. A token or personal data is sent there, so any address that is not local must use TLS. A
 * Worker answers at the root of its address, so a path would be a mistake.
 */
export const parseWorkerUrl = (text: string): URL => {
  const url = URL.parse(text)
  const isSafe = url !== null && (url.protocol === 'https:' || (url.protocol === 'http:' && isLocal(url)))
  if (!isSafe || url.href !== `${url.origin}/`) {
    throw new InvalidArgumentError('Use an address like https://stats.example.org, without a path.')
  }
  return url
}
