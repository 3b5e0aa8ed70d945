namespace ImageScan.Core.Storage.Sealing;

/// <summary>The keys under which secrets lie at rest: <c>Secrets__Keys__0__Version</c> and so on. Without any, no secret can be kept.</summary>
public sealed record SecretSettings
{
    /// <summary>The first one seals, all open. An entry that says nothing is none.</summary>
    public IReadOnlyList<SecretKey> Keys { get; init; } = [];
}

/// <summary>One key.</summary>
public sealed record SecretKey : SettingEntry
{
    /// <summary>What it is called in what was sealed with it; never to be given to another key. Letters, digits, dots, dashes and underscores.</summary>
    public string Version { get; init; } = "";

    /// <summary>32 random bytes in base64: <c>openssl rand -base64 32</c>.</summary>
    public string Key { get; init; } = "";

    // A record would print the key.
    public override string ToString() => $"SecretKey {Version}";
}
