// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.testkit.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Keeps the repository readable: rules that no compiler checks, over every file that is not built. */
class RepositoryTidyTest {

    private static final int MAX_LINES_PER_JAVA_FILE = 500;
    private static final long MAX_FILE_BYTES = 1 << 20;
    private static final Set<String> NOT_OURS = Set.of(".git", "target", "node_modules", ".eventfleet", ".idea");
    private static final Pattern MARKDOWN_LINK = Pattern.compile("\\]\\(([^)#\\s]+)(?:#[^)]*)?\\)");
    private static final Path ROOT = root();

    @Test
    void everyJavaFileIsReadInOneSitting() {
        assertThat(offenders(java(), text -> text.lines().count() > MAX_LINES_PER_JAVA_FILE))
                .as("files over %d lines", MAX_LINES_PER_JAVA_FILE)
                .isEmpty();
    }

    @Test
    void nothingIsLeftUnfinishedOrSleepsOrPrints() {
        var banned = Pattern.compile("\\b(TODO|FIXME|XXX)\\b|Thread\\.sleep|@Disabled|printStackTrace\\(\\)");
        assertThat(offenders(java(), text -> banned.matcher(text).find())).isEmpty();
    }

    @Test
    void onlyCommandLineProgramsPrint() {
        var prints = Pattern.compile("System\\.(out|err)\\.print");
        assertThat(offenders(
                        path -> java().test(path) && path.toString().contains("/src/main/"),
                        text -> prints.matcher(text).find()))
                .isEmpty();
    }

    @Test
    void noFileIsLarge() {
        assertThat(files(path -> true).stream()
                        .filter(path -> size(path) > MAX_FILE_BYTES)
                        .toList())
                .isEmpty();
    }

    @Test
    void everyLinkInTheDocumentationLeadsSomewhere() {
        var broken = new ArrayList<String>();
        for (var page : files(path -> path.toString().endsWith(".md"))) {
            var matcher = MARKDOWN_LINK.matcher(read(page));
            while (matcher.find()) {
                var target = matcher.group(1);
                if (!target.contains("://") && !Files.exists(page.resolveSibling(target))) {
                    broken.add(ROOT.relativize(page) + " -> " + target);
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void everyPackageSaysWhatItIsFor() {
        var silent = files(java()).stream()
                .filter(path -> path.toString().contains("/src/main/java/"))
                .map(Path::getParent)
                .distinct()
                .filter(folder -> !Files.exists(folder.resolve("package-info.java")))
                .map(folder -> ROOT.relativize(folder).toString())
                .toList();
        assertThat(silent).as("packages without package-info.java").isEmpty();
    }

    private static Predicate<Path> java() {
        return path -> path.toString().endsWith(".java")
                && !path.getFileName().toString().equals("RepositoryTidyTest.java");
    }

    private static List<String> offenders(Predicate<Path> which, Predicate<String> offends) {
        return files(which).stream()
                .filter(path -> offends.test(read(path)))
                .map(path -> ROOT.relativize(path).toString())
                .toList();
    }

    private static List<Path> files(Predicate<Path> which) {
        var found = new ArrayList<Path>();
        try {
            Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                    return NOT_OURS.contains(folder.getFileName().toString())
                            ? FileVisitResult.SKIP_SUBTREE
                            : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (attributes.isRegularFile() && which.test(file)) {
                        found.add(file);
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertThat(found).isNotEmpty();
        return found;
    }

    private static String read(Path path) {
        try {
            return Files.readString(path, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(path.toString(), e);
        }
    }

    private static long size(Path path) {
        try {
            return Files.size(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path root() {
        for (var folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve("mvnw"))) {
                return folder;
            }
        }
        throw new IllegalStateException("not inside the repository");
    }
}
