import * as z from 'zod/mini'
import { themes } from '../../../cards/themes.ts'
import { documented } from '../../../http/documented.ts'
import { describe } from '../../../openapi/operation.ts'
import { asOfParameter, atLeastParameter } from '../../parameters.ts'
import { userPath } from '../../paths.ts'
import { moment } from '../../shapes.ts'

const theme = z.enum(themes, { error: `use one of ${themes.join(', ')}` })

export const readUserCardOperation = describe({
  id: 'readUserCard',
  tag: 'Users',
  summary: 'A card for profile pages and READMEs',
  description: `A user’s contributions as a picture, in light, dark or whatever the viewer prefers. A user who is not found gets a picture that says so, with status 404. The headers \`Perennial-As-Of\` and \`Perennial-Position\` say what it is for.`,
  path: userPath,
  query: z.strictObject({
    theme: z.prefault(theme, 'auto').register(documented, { description: '`auto` follows the viewer' }),
    as_of: asOfParameter,
    at_least: atLeastParameter,
  }),
  answer: z.strictObject(moment),
  format: { mediaType: 'image/svg+xml', schema: z.string(), evenNotFound: true },
  cached: true,
  problems: ['not-found'],
  examples: {
    'A dark card': { path: { id: 42 }, query: { theme: 'dark' } },
  },
})
