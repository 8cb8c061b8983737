using Microsoft.Data.Sqlite;

namespace AfirGen.Api.Drafting.Statutes;

/// <summary>
/// Ranks sections for a complaint with SQLite's FTS5 and BM25 over the vocabulary of <see cref="StatuteTable"/>.
/// The table lives in memory, is built once and never changes: it is not one of the stores that the durability guarantee speaks of.
/// </summary>
internal sealed class StatuteIndex : IDisposable
{
    public const int ExpectedSectionCount = StatuteTable.ExpectedSectionCount;

    /// <summary>Sections 1 to 48 define terms and exceptions. They are never suggested, only cited by an officer.</summary>
    private const int FirstOffence = 49;

    /// <summary>Words of a phrase may stand this far apart: "snatched my gold chain" is "snatched chain".</summary>
    private const int PhraseReach = 3;

    /// <summary>A section must reach this share of the best score; below it, suggestions are noise.</summary>
    private const double Relevance = 0.3;

    /// <summary>The second best term of a section counts this much of the best, the third that much again: variety, not repetition.</summary>
    private const double Diminishing = 0.65;

    // A word alone must be telling; a phrase tells more; a title is written in the law's words, not the complainant's.
    private const string Ranking = "bm25(statutes, 4.0, 7.0, 1.0)";

    /// <summary>Keeps the phrases of one section apart inside their column.</summary>
    private const string PhraseBoundary = " zzzz ";

    private readonly Lock gate = new();
    private readonly SqliteConnection connection = new("Data Source=:memory:;Pooling=False");
    private readonly SqliteCommand search;
    private readonly SqliteParameter term;
    private readonly HashSet<string> wordStems = [];
    private readonly HashSet<(string, string)> phraseStems = [];

    public StatuteIndex(StatuteTable table)
    {
        Table = table;
        connection.Open();
        Execute(
            "CREATE VIRTUAL TABLE statutes USING fts5(words, phrases, title, "
                + "tokenize = \"porter unicode61 remove_diacritics 0 categories 'L* N* Mn Mc'\")"
        );
        using (var transaction = connection.BeginTransaction())
        {
            foreach (var statute in table.Sections)
            {
                Insert(statute);
            }
            transaction.Commit();
        }

        using var count = connection.CreateCommand();
        count.CommandText = "SELECT count(*) FROM statutes";
        SectionCount = Convert.ToInt32(count.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);

        search = connection.CreateCommand();
        search.CommandText = $"SELECT rowid, {Ranking} FROM statutes WHERE statutes MATCH $term AND rowid >= {FirstOffence}";
        term = search.Parameters.Add("$term", SqliteType.Text);
        search.Prepare();
    }

    public StatuteTable Table { get; }

    /// <summary>Rows in the index. The service is not ready unless this is <see cref="ExpectedSectionCount"/> (D-04).</summary>
    public int SectionCount { get; }

    /// <summary>Sections that may apply, best first. Any text is safe; text without a known word finds nothing.</summary>
    public IReadOnlyList<SectionFinding> Search(string text, int limit = 8)
    {
        var words = ContentWords.Of(text);
        var hits = new Dictionary<int, Hit>();
        lock (gate)
        {
            // One query per term: BM25 adds up over terms, and this way each section knows which words led to it.
            foreach (var word in words.Select(w => w.Text).Where(w => wordStems.Contains(Stem(w))).Distinct())
            {
                Add(hits, $"{{words}} : \"{word}\"", word);
            }
            var pairs = Pairs(words);
            foreach (var (first, second) in pairs)
            {
                Add(hits, $"{{phrases}} : \"{first} {second}\"", $"{first} {second}");
            }
            // "public servant" stands in sixty titles: a title confirms a section that the vocabulary found, it never finds one.
            foreach (var (first, second) in hits.Count == 0 ? [] : pairs)
            {
                Add(hits, $"{{title}} : \"{first} {second}\"", $"{first} {second}", onlyKnown: true);
            }
        }
        if (hits.Count == 0)
        {
            return [];
        }

        var spoken = " " + string.Join(' ', words.Select(w => w.Text)) + " ";
        var threshold = hits.Values.Max(h => h.Score) * Relevance;
        return
        [
            .. hits.Where(h => h.Value.Score >= threshold)
                .OrderByDescending(h => h.Value.Score)
                .ThenBy(h => h.Key)
                .Take(limit)
                .Select(h => Finding(h.Key, h.Value, spoken)),
        ];
    }

    public void Dispose()
    {
        search.Dispose();
        connection.Dispose();
    }

    private SectionFinding Finding(int section, Hit hit, string spoken)
    {
        var charge = Table.ChargeFor(section, w => spoken.Contains($" {Normalised(w)} ", StringComparison.Ordinal));
        return Table.Describe(charge) with { Score = Math.Round(hit.Score, 4), MatchedTerms = [.. hit.Terms] };
    }

    private void Add(Dictionary<int, Hit> hits, string query, string label, bool onlyKnown = false)
    {
        term.Value = query;
        using var reader = search.ExecuteReader();
        while (reader.Read())
        {
            var section = reader.GetInt32(0);
            if (!hits.TryGetValue(section, out var hit))
            {
                if (onlyKnown)
                {
                    continue;
                }
                hits[section] = hit = new Hit();
            }
            hit.Add(label, -reader.GetDouble(1)); // bm25() is smaller for better
        }
    }

    // Only pairs that some section lists are asked for, so that 50,000 characters of anything stay cheap.
    private HashSet<(string, string)> Pairs(List<ContentWord> words)
    {
        var pairs = new HashSet<(string, string)>();
        for (var i = 0; i < words.Count; i++)
        {
            for (var j = i + 1; j < words.Count && words[j].Position - words[i].Position <= PhraseReach; j++)
            {
                var (a, b) = (words[i].Text, words[j].Text);
                if (phraseStems.Contains((Stem(a), Stem(b))))
                {
                    pairs.Add((a, b));
                }
            }
        }
        return pairs;
    }

    private void Insert(Statute statute)
    {
        var keywords = statute.Keywords.Select(Normalised).ToLookup(k => k.Contains(' ', StringComparison.Ordinal));
        using var insert = connection.CreateCommand();
        insert.CommandText = "INSERT INTO statutes(rowid, words, phrases, title) VALUES ($n, $w, $p, $t)";
        insert.Parameters.AddWithValue("$n", statute.Number);
        insert.Parameters.AddWithValue("$w", string.Join(' ', keywords[false]));
        insert.Parameters.AddWithValue("$p", string.Join(PhraseBoundary, keywords[true]));
        insert.Parameters.AddWithValue("$t", Normalised(statute.Title));
        insert.ExecuteNonQuery();

        wordStems.UnionWith(keywords[false].Select(Stem));
        foreach (var phrase in keywords[true].Append(Normalised(statute.Title)))
        {
            var parts = phrase.Split(' ');
            phraseStems.UnionWith(parts.Zip(parts.Skip(1), (a, b) => (Stem(a), Stem(b))));
        }
    }

    private void Execute(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static string Normalised(string text) => string.Join(' ', ContentWords.Of(text).Select(w => w.Text));

    // Coarser than the porter stemmer on purpose: it may only let too much through, never too little.
    private static string Stem(string word) => word.Length <= 4 ? word : word[..4];

    private sealed class Hit
    {
        private readonly List<double> scores = [];

        public List<string> Terms { get; } = [];

        public double Score => scores.OrderDescending().Select((score, n) => score * Math.Pow(Diminishing, n)).Sum();

        public void Add(string term, double score)
        {
            scores.Add(score);
            if (!Terms.Contains(term))
            {
                Terms.Add(term);
            }
        }
    }
}
