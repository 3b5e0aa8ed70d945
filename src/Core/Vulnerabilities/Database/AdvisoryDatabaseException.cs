namespace ImageScan.Core.Vulnerabilities.Database;

/// <summary>A snapshot of advisories that cannot be opened, read or written. The message names the file, what is wrong with it and the setting.</summary>
public sealed class AdvisoryDatabaseException(string message, Exception? inner = null) : Exception(message, inner)
{
    internal static AdvisoryDatabaseException Unreadable(string snapshot, string reason, Exception? inner = null) => new(
        $"The advisory snapshot {snapshot} cannot be used: {reason} "
        + "Set Advisories__Path to a whole file made by `imagescan advisories build` of this version.",
        inner);
}
