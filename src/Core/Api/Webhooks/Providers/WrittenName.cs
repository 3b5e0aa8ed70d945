namespace ImageScan.Core.Api.Webhooks.Providers;

/// <summary>An image's name as senders write it, <c>[https://]host/repository[:tag][@digest]</c>, cut at its marks; nothing in it is checked.</summary>
internal sealed record WrittenName(string Host, string Repository, string Tag, string Digest)
{
    /// <summary>Cuts a text; null for one without a host or without a repository.</summary>
    public static WrittenName? Of(string? text)
    {
        string name = text ?? "";
        int scheme = name.IndexOf("://", StringComparison.Ordinal);
        name = scheme < 0 ? name : name[(scheme + 3)..];
        int slash = name.IndexOf('/');
        if (slash <= 0)
        {
            return null;
        }

        string[] byDigest = name[(slash + 1)..].Split('@', 2);
        string[] byTag = byDigest[0].Split(':', 2);
        return byTag[0].Length == 0
            ? null
            : new WrittenName(name[..slash], byTag[0], byTag.Length == 2 ? byTag[1] : "", byDigest.Length == 2 ? byDigest[1] : "");
    }
}
