namespace ImageScan.Core.Access;

/// <summary>A caller who has proved who it is.</summary>
/// <param name="Id">Names it for ever and in every log: <c>token:NAME</c>, <c>user:NAME</c>, <c>issuer|subject</c>, <c>loopback</c>.</param>
/// <param name="Name">What people call it; may come out of a token, so it is hostile.</param>
/// <param name="Roles">What it is let do, each role once.</param>
public sealed record AccessIdentity(string Id, string Name, IReadOnlyList<AccessRole> Roles)
{
    /// <summary>The id that StackRox would give it, as its clients compare it.</summary>
    public string UserId { get; init; } = Id;

    /// <summary>The user name; "" for programs.</summary>
    public string UserName { get; init; } = "";

    /// <summary>A description in StackRox's words; "" where it has none.</summary>
    public string Description { get; init; } = "";

    /// <summary>When what proves it ends; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}
