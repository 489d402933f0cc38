/** What Workers have beyond the browsers' SubtleCrypto; the pages' types bring the browsers' one into the project. */
interface SubtleCrypto {
  /** Compares in constant time; throws a TypeError if the lengths differ. */
  timingSafeEqual(left: ArrayBuffer | ArrayBufferView, right: ArrayBuffer | ArrayBufferView): boolean
}
