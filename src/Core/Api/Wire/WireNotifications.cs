namespace ImageScan.Core.Api.Wire;

/// <summary>A notification that could not be sent; our own message.</summary>
public sealed record WireFailedNotification
{
    public string Id { get; init; } = "";

    /// <summary>The name of its rule.</summary>
    public string Rule { get; init; } = "";

    /// <summary>What it was to be sent for: <c>newFindings</c>, <c>changes</c>, <c>scanned</c> or <c>verdict</c>; "" if nobody can read it any more.</summary>
    public string Occasion { get; init; } = "";

    public string Image { get; init; } = "";

    public string Digest { get; init; } = "";

    public DateTimeOffset? Created { get; init; }

    /// <summary>When it was given up.</summary>
    public DateTimeOffset? Failed { get; init; }

    /// <summary>How often it was tried.</summary>
    public int Attempts { get; init; }

    /// <summary>Why it was given up.</summary>
    public string Reason { get; init; } = "";
}

/// <summary>The notifications that could not be sent, the latest first, at most a thousand; our own message.</summary>
public sealed record WireFailedNotifications(IReadOnlyList<WireFailedNotification> Notifications);
