namespace ImageScan.Core.Inventory;

/// <summary>
/// Values at paths below a root, kept as a tree so that a folder can be dropped with all that is in it. A node holds its own name only: a
/// path 250 folders deep costs what it is long, not 250 times that.
/// </summary>
/// <param name="dropped">Told of every value that is dropped or replaced; null if nobody wants to know.</param>
internal sealed class PathTree<T>(Action<T>? dropped = null)
    where T : class
{
    // So that dropping the paths of a set costs what the set or the tree has, whichever has fewer: most layers have few paths. Made when a set
    // is first asked for.
    private Dictionary<ulong, Node>? _byHash;

    public Node Root { get; } = new(null, "");

    public T? Find(string path) => NodeAt(path)?.Value;

    /// <summary>Puts a value at a path, in place of the one that was there. What lies below the path stays.</summary>
    public void Set(string path, T value)
    {
        Node node = Root;
        int start = 0;
        while (start <= path.Length)
        {
            int end = path.IndexOf('/', start) is >= 0 and var slash ? slash : path.Length;
            node = ChildOrNew(node, path.AsSpan(start, end - start));
            start = end + 1;
        }

        Tell(node.Value);
        node.Value = value;
    }

    /// <summary>Drops a path and all below it; the root only loses what is below it.</summary>
    public void Remove(string path)
    {
        if (path.Length > 0)
        {
            Drop(NodeAt(path));
            return;
        }

        foreach (Node node in NodesBelow(Root))
        {
            Tell(node.Value);
        }

        _byHash?.Clear();
        Root.Clear();
    }

    /// <summary>Drops every path that is in the set, with all below it.</summary>
    public void RemoveAll(PathSet paths)
    {
        Dictionary<ulong, Node> byHash = ByHash();
        if (paths.Count < byHash.Count)
        {
            foreach (ulong hash in paths.Hashes)
            {
                Drop(byHash.GetValueOrDefault(hash));
            }

            return;
        }

        var open = new Stack<Node>([Root]);
        while (open.TryPop(out Node? node))
        {
            foreach (Node child in node.Children.ToArray())
            {
                if (paths.ContainsHash(child.PathHash))
                {
                    Drop(child);
                }
                else
                {
                    open.Push(child);
                }
            }
        }
    }

    /// <summary>Drops the value at every path that is in the set, if it is one of those; what lies below the path stays.</summary>
    public void DropValues(PathSet paths, Predicate<T> which)
    {
        Dictionary<ulong, Node> byHash = ByHash();
        IEnumerable<Node> nodes = paths.Count < byHash.Count
            ? paths.Hashes.Select(hash => byHash.GetValueOrDefault(hash)).OfType<Node>()
            : byHash.Values.Where(node => paths.ContainsHash(node.PathHash));
        foreach (Node node in nodes)
        {
            if (node.Value is { } value && which(value))
            {
                node.Value = null;
                Tell(value);
            }
        }
    }

    /// <summary>Every path that has a value, in no order.</summary>
    public IEnumerable<(string Path, T Value)> All() => Below(Root);

    /// <summary>Whether anything lies in this folder.</summary>
    public bool HasBelow(string folder) => NodeAt(folder) is { } node && node.Children.Any(child => Below(child).Any());

    private Dictionary<ulong, Node> ByHash() =>
        _byHash ??= NodesBelow(Root).Where(node => node != Root).DistinctBy(node => node.PathHash).ToDictionary(node => node.PathHash);

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

    private Node ChildOrNew(Node node, ReadOnlySpan<char> name)
    {
        Node? child = node.Child(name);
        if (child is null)
        {
            child = node.NewChild(name);
            _byHash?[child.PathHash] = child;
        }

        return child;
    }

    private void Drop(Node? node)
    {
        if (node is null)
        {
            return;
        }

        node.Parent!.Drop(node.Name);
        foreach (Node lost in NodesBelow(node))
        {
            _byHash?.Remove(lost.PathHash);
            Tell(lost.Value);
        }
    }

    private void Tell(T? lost)
    {
        if (lost is not null)
        {
            dropped?.Invoke(lost);
        }
    }

    private static IEnumerable<(string Path, T Value)> Below(Node start) =>
        NodesBelow(start).Where(node => node.Value is not null).Select(node => (node.Path, node.Value!));

    // The node itself and all below it.
    private static IEnumerable<Node> NodesBelow(Node start)
    {
        var open = new Stack<Node>([start]);
        while (open.TryPop(out Node? node))
        {
            yield return node;
            foreach (Node child in node.Children)
            {
                open.Push(child);
            }
        }
    }

    internal sealed class Node(Node? parent, string name)
    {
        // Most folders on the way to a value hold one thing only: a table for each would be ten times its size.
        private Node? _only;
        private Dictionary<string, Node>? _children;

        public string Name => name;

        /// <summary>Put together on demand.</summary>
        public string Path
        {
            get
            {
                var names = new Stack<string>();
                for (Node node = this; node.Parent is { } above; node = above)
                {
                    names.Push(node.Name);
                }

                return string.Join('/', names);
            }
        }

        public ulong PathHash { get; } = parent is null ? PathSet.Start : PathSet.HashOf(parent.PathHash, name);

        public T? Value { get; set; }

        public IEnumerable<Node> Children => _children?.Values ?? (_only is null ? [] : Enumerable.Repeat(_only, 1));

        public Node? Parent => parent;

        public Node? Child(ReadOnlySpan<char> childName)
        {
            if (_children is null)
            {
                return _only is not null && childName.SequenceEqual(_only.Name) ? _only : null;
            }

            return _children.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(childName, out Node? child) ? child : null;
        }

        /// <summary>A child of a name that no other one has.</summary>
        public Node NewChild(ReadOnlySpan<char> childName)
        {
            var child = new Node(this, childName.ToString());
            if (_children is null && _only is null)
            {
                _only = child;
                return child;
            }

            if (_children is null)
            {
                _children = new Dictionary<string, Node>(StringComparer.Ordinal) { [_only!.Name] = _only };
                _only = null;
            }

            _children.Add(child.Name, child);
            return child;
        }

        public void Drop(ReadOnlySpan<char> childName)
        {
            _children?.GetAlternateLookup<ReadOnlySpan<char>>().Remove(childName);
            _only = _only is not null && childName.SequenceEqual(_only.Name) ? null : _only;
        }

        public void Clear()
        {
            _children = null;
            _only = null;
            Value = null;
        }
    }
}
