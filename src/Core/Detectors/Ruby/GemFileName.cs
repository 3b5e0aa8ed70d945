using System.Text.RegularExpressions;

namespace ImageScan.Core.Detectors.Ruby;

/// <summary>What the name of a gem's specification says: <c>NAME-VERSION.gemspec</c>, <c>NAME-VERSION-PLATFORM.gemspec</c>.</summary>
internal static partial class GemFileName
{
    /// <summary>
    /// Name and version; null if it is no such name. Of several places where a version may begin, the last with a dot counts: platforms
    /// (<c>x86_64-linux</c>, <c>arm64-darwin-22</c>) have none, names seldom have.
    /// </summary>
    public static (string Name, string Version)? Parse(string fileName)
    {
        string[] parts = fileName.EndsWith(".gemspec", StringComparison.Ordinal) ? fileName[..^".gemspec".Length].Split('-') : [];
        int version = Array.FindLastIndex(parts, part => VersionForm.IsMatch(part) && part.Contains('.', StringComparison.Ordinal));
        version = version > 0 ? version : Array.FindIndex(parts, Math.Min(1, parts.Length), VersionForm.IsMatch);
        return version > 0 && parts[0].Length > 0 ? (string.Join('-', parts[..version]), parts[version]) : null;
    }

    // https://docs.ruby-lang.org/en/master/Gem/Version.html, without the hyphen, which RubyGems writes as ".pre.".
    [GeneratedRegex(@"^[0-9]+(\.[0-9A-Za-z]+)*$", RegexOptions.NonBacktracking)]
    private static partial Regex VersionForm { get; }
}
