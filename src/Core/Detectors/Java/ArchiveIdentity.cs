namespace ImageScan.Core.Detectors.Java;

/// <summary>
/// What an archive is that carries no <c>pom.properties</c> of its own: where it lies in a repository, what its manifest says, its file name,
/// and which classes it has. A group is given only where one of these states it; a guessed one would borrow another package's advisories.
/// </summary>
internal static class ArchiveIdentity
{
    // These vendors put themselves there, not the group: org.apache stands in commons-collections:commons-collections.
    private static readonly string[] VendorsNotGroups = ["org.apache", "com.sun", "com.oracle", "com.ibm", "com.bea", "org.jboss", "com.google", "org.eclipse"];

    // Archives of a Java runtime are the runtime, which its release file names.
    private const string RuntimeTitle = "Java Runtime Environment";

    /// <summary>The coordinates, perhaps without group; null if nothing names the archive and its version.</summary>
    /// <param name="path">Of the archive, in the image or in the archive around it.</param>
    /// <param name="manifest">Its manifest, empty if it has none.</param>
    /// <param name="described">The packages that Maven's files in it describe: perhaps itself, perhaps what was shaded into it.</param>
    /// <param name="hasFolder">Whether the name of one of its members begins so.</param>
    public static Coordinates? Of(string path, JarManifest manifest, IReadOnlyList<Coordinates> described, Func<string, bool> hasFolder)
    {
        if (manifest.Title == RuntimeTitle)
        {
            return null;
        }

        var file = JarFileName.Of(path, manifest.Version);
        return described.FirstOrDefault(package => IsNamed(package, file, manifest))
            ?? OfTitle(manifest.Title)
            ?? OfRepository(path)
            ?? manifest.JenkinsPlugin
            ?? OfWellKnown(file, manifest, hasFolder)
            ?? described.FirstOrDefault(package => MayBe(package, file, described.Count))
            ?? (described.Count == 0 || file.Version is not null ? OfNames(file, manifest, hasFolder) : null);
    }

    // Files are renamed (app.jar), so the only package described, or one with the version in the name, is rather the archive than shaded into it.
    private static bool MayBe(Coordinates package, JarFileName file, int described) =>
        file.Version is null ? described == 1 : file.Version == package.Version;

    // Quarkus names the copies that it starts GROUP.ARTIFACT-VERSION.jar (https://quarkus.io/guides/maven-tooling#fast-jar).
    private static bool IsNamed(Coordinates package, JarFileName file, JarManifest manifest) =>
        file.IsOf(package.Artifact) || file.IsOf($"{package.Group}.{package.Artifact}") || manifest.Title == package.Artifact;

    // Written in full by Nebula's plugins for Gradle, as io.micrometer#micrometer-core;1.5.1 (https://github.com/nebula-plugins/gradle-info-plugin).
    private static Coordinates? OfTitle(string? title) =>
        title?.Split('#') is [var group, var rest] && rest.Split(';') is [var artifact, var version] ? Coordinates.Of(group, artifact, version) : null;

    // repository/org/slf4j/slf4j-api/1.7.36/slf4j-api-1.7.36.jar (https://maven.apache.org/repository/layout.html), and
    // files-2.1/org.slf4j/slf4j-api/1.7.36/HASH/slf4j-api-1.7.36.jar of Gradle
    // (https://docs.gradle.org/current/userguide/dependency_caching.html). Where the folders of a group begin is known only behind a known root.
    private static Coordinates? OfRepository(string path)
    {
        string[] parts = path.Split('/');
        if (parts is [.., "files-2.1", var groupId, var name, var number, _, var file] && file.StartsWith($"{name}-{number}", StringComparison.Ordinal))
        {
            return Coordinates.Of(groupId, name, number);
        }

        int root = Array.FindLastIndex(parts, part => part is "repository" or "maven2" or "maven-repo");
        return root >= 0 && root < parts.Length - 4 && parts is [.., var artifact, var version, var archive]
            && archive.StartsWith($"{artifact}-{version}", StringComparison.Ordinal)
            ? Coordinates.Of(string.Join('.', parts[(root + 1)..^3]), artifact, version)
            : null;
    }

    private static Coordinates? OfWellKnown(JarFileName file, JarManifest manifest, Func<string, bool> hasFolder)
    {
        if ((file.Version ?? manifest.Version) is not { } version || !file.IsSure)
        {
            return null;
        }

        return WellKnownArtifacts.Find(file.Artifact, version, hasFolder)
            ?? (file.Version is null && IdIn(manifest.Title) is { } title ? WellKnownArtifacts.Find(title, version, hasFolder) : null);
    }

    private static Coordinates? OfNames(JarFileName file, JarManifest manifest, Func<string, bool> hasFolder)
    {
        string? version = file.Version ?? manifest.Version;
        string artifact = (file.Version is null ? IdIn(manifest.Title) : null) ?? file.Artifact;
        return version is null ? null
            : OfTomcat(manifest, artifact, version)
            ?? OfSymbolicName(manifest.SymbolicName, artifact, version)
            ?? Coordinates.Of(GroupOfVendor(manifest, artifact, hasFolder), artifact, version);
    }

    // A title that could be an artifact is one: file names are changed more often. One for people begins with a capital letter.
    private static string? IdIn(string? title) => Coordinates.IsId(title) && char.IsAsciiLetterLower(title![0]) ? title : null;

    // Maven's bundle plugin names a bundle GROUP.ARTIFACT
    // (https://felix.apache.org/documentation/subprojects/apache-felix-maven-bundle-plugin-bnd.html#default-behavior). Without a hyphen in the
    // artifact the same text may be the group alone (com.google.guava of guava), so nothing can be told from it.
    private static Coordinates? OfSymbolicName(string? symbolicName, string artifact, string version)
    {
        int dot = symbolicName?.LastIndexOf('.') ?? -1;
        if (dot <= 0)
        {
            return null;
        }

        string group = symbolicName![..dot];
        string last = symbolicName[(dot + 1)..];
        return group.Contains('.', StringComparison.Ordinal) && last.Contains('-', StringComparison.Ordinal) && (artifact == last || artifact == symbolicName)
            ? Coordinates.Of(group, last, version)
            : null;
    }

    // Bundles of Tomcat are called org.apache.tomcat-coyote, its files tomcat-coyote.jar, or without the server's name (jsp-api.jar).
    private static Coordinates? OfTomcat(JarManifest manifest, string artifact, string version)
    {
        const string Bundle = "org.apache.tomcat-";
        string? name = manifest.SymbolicName?.StartsWith(Bundle, StringComparison.Ordinal) == true ? manifest.SymbolicName["org.apache.".Length..]
            : manifest.Title == "Apache Tomcat" && artifact.StartsWith("tomcat-", StringComparison.Ordinal) ? artifact
            : null;
        string group = name?.StartsWith("tomcat-embed-", StringComparison.Ordinal) == true ? "org.apache.tomcat.embed" : "org.apache.tomcat";
        return Coordinates.Of(group, name, version);
    }

    // Maven's archiver and sbt write the group there, others who they are: org.glassfish stands in javax.servlet's API. It is believed where its
    // own classes are in the archive, or where the title too is what a build wrote.
    private static string? GroupOfVendor(JarManifest manifest, string artifact, Func<string, bool> hasFolder) =>
        manifest.VendorId is { } group && Coordinates.IsId(group) && group.Contains('.', StringComparison.Ordinal) && !VendorsNotGroups.Contains(group)
        && ((Coordinates.IsId(manifest.Title) && artifact.StartsWith(manifest.Title!, StringComparison.Ordinal)) || hasFolder(group.Replace('.', '/') + "/"))
            ? group
            : null;
}
