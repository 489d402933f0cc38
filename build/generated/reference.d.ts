/*
 * What `npm run build` generates from the endpoints (build/reference/render.tsx), so that the Worker does not have to
 * render it. The contents are in reference.js.
 */

/** The document at /openapi.json. */
export declare const openApi: string

/** The HTML of /docs, without the surrounding page. */
export declare const reference: string

/** The guides at /docs/{name}, by name, also without the surrounding page. */
export declare const guides: Readonly<Record<string, { title: string; description: string; html: string }>>

/** The HTML of /problems, also without the surrounding page. */
export declare const problemList: string

/** The HTML of /problems/{name}, by name. */
export declare const problemPages: Readonly<Record<string, string>>
