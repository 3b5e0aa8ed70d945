using ImageScan.Core.Results;

namespace ImageScan.Core.Storage;

/// <summary>How far a notification is.</summary>
public enum NotificationState
{
    /// <summary>It is to be sent.</summary>
    Waiting,

    /// <summary>It was taken; kept for a while, so that what comes twice is not sent twice.</summary>
    Done,

    /// <summary>It was given up.</summary>
    Failed,
}

/// <summary>A notification and how far it is.</summary>
public sealed record StoredNotification
{
    public required string Id { get; init; }

    /// <summary>The name of its rule.</summary>
    public required string Rule { get; init; }

    public required NotificationState State { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When somebody must look at it: who waits is sent by then, what is over goes.</summary>
    public required DateTimeOffset DueAt { get; init; }

    /// <summary>How often somebody began to send it.</summary>
    public int Attempts { get; init; }

    /// <summary>Whether its scan is known to be saved.</summary>
    public bool IsSaved { get; init; }

    /// <summary>When the last attempt ended; null before that.</summary>
    public DateTimeOffset? TriedAt { get; init; }

    /// <summary>Why the last attempt was none; "" if there was none, or it was one.</summary>
    public string Reason { get; init; } = "";

    /// <summary>What is to be said; null where it was taken, or another version has written it.</summary>
    public Notification? Content { get; init; }

    /// <summary>Which writing of the row this is.</summary>
    internal string Version { get; init; } = "";
}
