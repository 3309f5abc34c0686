/** The address of the picture of a visit, as clients call it. @param cctvId of letters, digits, `.`, `_` and `-` */
export function visitPicture(cctvId: string, visit: string): string {
  return `/api/v1/cameras/${encodeURIComponent(cctvId)}/visits/${visit}/picture`;
}
