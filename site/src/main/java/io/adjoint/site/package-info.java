/** The generator of the web site: pages from the repository's Markdown files. */
@NullMarked
package io.adjoint.site;

import org.jspecify.annotations.NullMarked;
