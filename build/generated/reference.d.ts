/*
 * What `npm run build` makes of the endpoints (build/reference/render.tsx), so that the Worker need not: its text is in
 * reference.js.
 */

/** The document at /openapi.json. */
export declare const openApi: string

/** The HTML of /docs, without what surrounds it. */
export declare const reference: string

/** The guides at /docs/{name}, by name; their HTML likewise. */
export declare const guides: Readonly<Record<string, { title: string; description: string; html: string }>>

/** The HTML of /problems, likewise. */
export declare const problemList: string

/** The HTML of /problems/{name}, by name. */
export declare const problemPages: Readonly<Record<string, string>>
