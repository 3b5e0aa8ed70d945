namespace ImageScan.Core.Results;

/// <summary>A deployment of this app in another network that reads images for this one, as its heartbeats show it.</summary>
/// <param name="Id">A UUID, given with the first heartbeat and kept.</param>
/// <param name="Name">Its <c>Cluster__Name</c>; no two have the same.</param>
/// <param name="LastSeen">When its last heartbeat came, by the clock of the storage service.</param>
/// <param name="Silence">How long ago that was when it was asked, by the same clock.</param>
/// <param name="ProductVersion">What it runs.</param>
/// <param name="MessageForm">The newest form of queue messages that it can read.</param>
public sealed record Cluster(string Id, string Name, DateTimeOffset LastSeen, TimeSpan Silence, string ProductVersion, int MessageForm);
