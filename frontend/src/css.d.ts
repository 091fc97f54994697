/** A stylesheet, bundled and minified by build.mjs: its text, for one `<style>` element. */
declare module "*.css" {
  const text: string;
  export default text;
}
