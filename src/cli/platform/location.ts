import { Option } from 'commander'
import { callerPath } from '../lines/callerPath.ts'
import { defaultPersistTo } from './database.ts'

/** The options that say which database a command means; they parse to DatabaseOptions. */
export const remoteOption = new Option(
  '--remote',
  'the database in production, through your wrangler login (nobody has tried it on a real account yet)',
).default(false)

export const persistToOption = new Option(
  '--persist-to <directory>',
  'where the local database lies, as with wrangler',
)
  .argParser(callerPath)
  .default(defaultPersistTo, '.wrangler/state')
  .conflicts('remote')
