namespace ImageScan.Core.Signatures.Verification;

/// <summary>Addresses of transparency logs.</summary>
internal static class LogAddress
{
    private const string Scheme = "https://";

    /// <summary>
    /// Where a log is asked, without a slash at the end; null for what is no address that can be: only https, without user, query and fragment.
    /// The scheme may be left out, as in StackRox.
    /// </summary>
    public static string? TryRead(string url)
    {
        string text = (url.Contains("://", StringComparison.Ordinal) ? url : Scheme + url).TrimEnd('/');
        return Uri.TryCreate(text, UriKind.Absolute, out Uri? address)
            && address is { Scheme: "https", Host.Length: > 0, UserInfo: "", Query: "", Fragment: "" }
            && !text.AsSpan().ContainsAny('?', '#', '@')
                ? text
                : null;
    }
}
