namespace ImageScan.Core.Api.Badges;

/// <summary>The settings <c>Badges__*</c>.</summary>
public sealed record BadgeSettings
{
    /// <summary>What links to badges are signed with: the first signs, all of them open. With none only who may read sees badges.</summary>
    public IReadOnlyList<BadgeKey> Keys { get; init; } = [];
}

/// <summary>One key: <c>Badges__Keys__0__Secret</c> and so on. An entry that says nothing is none.</summary>
public sealed record BadgeKey : SettingEntry
{
    /// <summary>At least 32 characters, as <c>openssl rand -hex 32</c> prints them.</summary>
    public string Secret { get; init; } = "";

    /// <summary>Without the secret.</summary>
    public override string ToString() => nameof(BadgeKey);
}
