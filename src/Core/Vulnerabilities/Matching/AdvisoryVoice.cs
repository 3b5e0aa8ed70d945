namespace ImageScan.Core.Vulnerabilities.Matching;

/// <summary>What the word of an ecosystem counts beside that of the others about one package.</summary>
internal enum AdvisoryVoice
{
    /// <summary>It is about what is installed.</summary>
    Own,

    /// <summary>Its fixes are for subscribers: it counts where <see cref="Own"/> has no fix.</summary>
    ForSubscribers,

    /// <summary>It is about the stream that what is installed was branched from: it counts where <see cref="Own"/> says nothing.</summary>
    MainStream,
}
