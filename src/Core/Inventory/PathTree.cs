namespace ImageScan.Core.Inventory;

/// <summary>Values at paths below a root, kept as a tree so that a folder can be dropped with all that is in it.</summary>
internal sealed class PathTree<T>
    where T : class
{
    public Node Root { get; } = new("");

    public T? Find(string path) => NodeAt(path)?.Value;

    /// <summary>Puts a value at a path, in place of the one that was there. What lies below the path stays.</summary>
    public void Set(string path, T value)
    {
        Node node = Root;
        int start = 0;
        while (start <= path.Length)
        {
            int end = path.IndexOf('/', start) is >= 0 and var slash ? slash : path.Length;
            node = node.ChildOrNew(path.AsSpan(start, end - start), path.AsSpan(0, end));
            start = end + 1;
        }

        node.Value = value;
    }

    /// <summary>Drops a path and all below it; the root only loses what is below it.</summary>
    public void Remove(string path)
    {
        if (path.Length == 0)
        {
            Root.Clear();
            return;
        }

        int slash = path.LastIndexOf('/');
        NodeAt(path.AsSpan(0, Math.Max(slash, 0)))?.Drop(path.AsSpan(slash + 1));
    }

    /// <summary>Drops every path that is in the set, with all below it.</summary>
    public void RemoveAll(PathSet paths)
    {
        if (paths.Count == 0)
        {
            return;
        }

        var open = new Stack<Node>([Root]);
        while (open.TryPop(out Node? node))
        {
            foreach (Node child in node.Children.ToArray())
            {
                if (paths.ContainsHash(child.PathHash))
                {
                    node.Drop(child.Name);
                }
                else
                {
                    open.Push(child);
                }
            }
        }
    }

    /// <summary>Every path that has a value, in no order.</summary>
    public IEnumerable<(string Path, T Value)> All() => Below(Root);

    /// <summary>Whether anything lies in this folder.</summary>
    public bool HasBelow(string folder) => NodeAt(folder) is { } node && Below(node).Any(found => found.Path != folder);

    private Node? NodeAt(ReadOnlySpan<char> path)
    {
        Node node = Root;
        if (path.Length == 0)
        {
            return node;
        }

        foreach (Range part in path.Split('/'))
        {
            if (node.Child(path[part]) is not { } child)
            {
                return null;
            }

            node = child;
        }

        return node;
    }

    private static IEnumerable<(string Path, T Value)> Below(Node start)
    {
        var open = new Stack<Node>([start]);
        while (open.TryPop(out Node? node))
        {
            if (node.Value is { } value)
            {
                yield return (node.Path, value);
            }

            foreach (Node child in node.Children)
            {
                open.Push(child);
            }
        }
    }

    internal sealed class Node(string path)
    {
        private Dictionary<string, Node>? _children;

        public string Path => path;

        public ReadOnlySpan<char> Name => path.AsSpan(path.LastIndexOf('/') + 1);

        public ulong PathHash { get; } = PathSet.HashOf(path);

        public T? Value { get; set; }

        public IEnumerable<Node> Children => _children?.Values ?? Enumerable.Empty<Node>();

        public Node? Child(ReadOnlySpan<char> name) =>
            _children is not null && _children.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out Node? child) ? child : null;

        public Node ChildOrNew(ReadOnlySpan<char> name, ReadOnlySpan<char> childPath)
        {
            if (Child(name) is { } known)
            {
                return known;
            }

            var child = new Node(childPath.ToString());
            _children ??= new Dictionary<string, Node>(StringComparer.Ordinal);
            _children.Add(name.ToString(), child);
            return child;
        }

        public void Drop(ReadOnlySpan<char> name) => _children?.GetAlternateLookup<ReadOnlySpan<char>>().Remove(name);

        public void Clear()
        {
            _children = null;
            Value = null;
        }
    }
}
