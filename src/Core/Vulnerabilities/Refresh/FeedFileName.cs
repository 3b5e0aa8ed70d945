using System.Text.RegularExpressions;

namespace ImageScan.Core.Vulnerabilities.Refresh;

/// <summary>What a file of <see cref="IFeedFiles"/> may be called.</summary>
public static partial class FeedFileName
{
    /// <summary>Lower-case letters, digits, dashes and dots, a letter first, 100 at most: a name to every file system and to blob storage.</summary>
    public static bool IsOne(string name) => Form().IsMatch(name);

    [GeneratedRegex(@"\A[a-z][a-z0-9.-]{0,99}\z")]
    private static partial Regex Form();
}
