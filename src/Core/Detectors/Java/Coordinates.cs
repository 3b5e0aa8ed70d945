namespace ImageScan.Core.Detectors.Java;

/// <summary>What Maven calls a package: group, artifact and version (https://maven.apache.org/pom.html#Maven_Coordinates).</summary>
/// <param name="Group">Null if it is not known; advisories are filed under both names, so such a package matches none.</param>
/// <param name="Artifact">Its name within the group.</param>
/// <param name="Version">As written.</param>
internal sealed record Coordinates(string? Group, string Artifact, string Version)
{
    /// <summary><c>group:artifact</c>, or the artifact alone.</summary>
    public string Name => Group is null ? Artifact : $"{Group}:{Artifact}";

    /// <summary>The coordinates if all three are such as Maven takes, or the group is null; else null.</summary>
    public static Coordinates? Of(string? group, string? artifact, string? version) =>
        (group is null || IsId(group)) && IsId(artifact) && IsVersion(version) ? new Coordinates(group, artifact!, version!) : null;

    /// <summary>
    /// Whether Maven takes the text for a group or an artifact: letters, digits, <c>_ - .</c>; placeholders (<c>${project.groupId}</c>) and
    /// titles for people have others. The rule is DefaultModelValidator's
    /// (https://github.com/apache/maven/tree/maven-3.9.9/maven-model-builder/src/main/java/org/apache/maven/model/validation).
    /// </summary>
    public static bool IsId(string? text) => !string.IsNullOrEmpty(text) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.');

    // The same validator refuses what no file system takes; a placeholder that nobody filled in is no version either.
    private static bool IsVersion(string? text) =>
        !string.IsNullOrEmpty(text) && !text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || "\\/:\"<>|?*${}".Contains(c, StringComparison.Ordinal));
}
