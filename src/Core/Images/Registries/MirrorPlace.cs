namespace ImageScan.Core.Images.Registries;

/// <summary>One image at a mirror, as one scan sees it.</summary>
/// <param name="host">The mirror.</param>
/// <param name="name">The image's full name there.</param>
/// <param name="source">The image there.</param>
/// <param name="lies">What mirrors have sent lately that was not what was asked for, of all scans.</param>
/// <param name="notices">Told of failures.</param>
internal sealed class MirrorPlace(string host, string name, RegistryImageSource source, RecentKeys lies, RegistryNotices notices)
{
    /// <summary>The image's full name there.</summary>
    public string Name => name;

    public RegistryImageSource Source => source;

    /// <summary>Whether it has failed otherwise than by not having something, so that this scan asks it no more.</summary>
    public bool IsOff { get; private set; }

    /// <summary>It failed, or broke off.</summary>
    public void Fail(RegistryException failure)
    {
        if (failure.Failure != RegistryFailure.NotFound)
        {
            IsOff = true;
            notices.MirrorFailed(host, failure);
        }
    }

    /// <summary>A blob of it was another than its digest says: for a while nobody asks it for that one.</summary>
    public void HasLied(Digest blob)
    {
        IsOff = true;
        lies.Add($"{host} {blob}");
    }

    /// <summary>Whether it may be asked for a blob.</summary>
    public bool IsTrustedWith(Digest blob) => !lies.Contains($"{host} {blob}");
}
