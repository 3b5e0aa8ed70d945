using ImageScan.Core.Results;

namespace ImageScan.Core.Notifications;

/// <summary>All rules of the settings.</summary>
public sealed class NotificationRules
{
    private readonly Dictionary<string, NotificationRule> _byName;

    private NotificationRules(IReadOnlyList<NotificationRule> all)
    {
        All = all;
        _byName = all.ToDictionary(rule => rule.Name, StringComparer.Ordinal);
    }

    /// <summary>The rules in the order of the settings; while there is none, nothing is written and nobody is asked.</summary>
    public IReadOnlyList<NotificationRule> All { get; }

    /// <summary>Reads the settings; an entry that was never filled in is none. Throws <see cref="SettingException"/>, naming the setting.</summary>
    public static NotificationRules Of(IReadOnlyList<NotificationSettings> settings)
    {
        var rules = new List<NotificationRule>();
        foreach ((int place, NotificationSettings entry) in settings.Index())
        {
            if (entry == new NotificationSettings())
            {
                continue;
            }

            string section = $"Notifications__{entry.NumberOr(place)}";
            var rule = NotificationRule.Of(entry, section);
            rules.Add(rules.Exists(other => other.Name == rule.Name)
                ? throw new SettingException($"{section}__Name is that of another rule; failed messages could not be told apart.")
                : rule);
        }

        return new NotificationRules(rules);
    }

    /// <summary>The rule of that name; null if there is none any more.</summary>
    public NotificationRule? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Whether any rule asks to be told then.</summary>
    public bool AnyFor(params IEnumerable<NotificationOccasion> occasions) => occasions.Any(occasion => All.Any(rule => rule.IsFor(occasion)));
}
