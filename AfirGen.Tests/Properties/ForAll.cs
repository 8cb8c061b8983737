using System.Text;
using AfirGen.Tests.Stack;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;

namespace AfirGen.Tests.Properties;

/// <summary>Runs a property on many random cases and shrinks the first that fails. The seed is printed, and AFIRGEN_SEED repeats it.</summary>
internal static class ForAll
{
    /// <summary>Any text that UTF-8 can carry, which is all that the wire can bring: no lone surrogates.</summary>
    public static Arbitrary<string> Texts { get; } =
        ArbMap
            .Default.ArbFor<string>()
            .Convert(text => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text ?? "")), text => text)
            .Filter(text => text is not null);

    private const ulong OddGamma = 0x9E3779B97F4A7C15;

    public static void Of<T>(Arbitrary<T> cases, Action<T> holds, int count = 1000) =>
        Check.One(
            Config
                .QuickThrowOnFailure.WithMaxTest(count)
                .WithReplay(new Replay(new Rnd((ulong)Seed.Next(), OddGamma), FSharpOption<int>.None)),
            Prop.ForAll(cases, holds)
        );
}
