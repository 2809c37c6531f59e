using System.Collections.Frozen;

namespace Dum.Mind.Words;

/// <summary>Words that say nothing about what a question asks for. They are left out of questions and of the index.</summary>
static class StopWords
{
    const string English =
        "a an the and or but if then than so as of at by for with about into to from in on off out over under up down again " +
        "i me my mine myself we us our ours ourselves you your yours yourself he him his himself she her hers herself it its itself they them their theirs themselves " +
        "this that these those there here what which who whom whose when where why how " +
        "am is are was were be been being have has had having do does did doing done will would shall should can could may might must ought " +
        "not no nor only just also too very s t d ll m re ve don didn doesn isn wasn aren weren hasn haven hadn won wouldn couldn shouldn " +
        "any some such own same other both each few more most all ever yet because while during before after between through";

    const string Russian =
        "и в во не что он на я с со как а то все всё она так его но да ты к у же вы за бы по только ее её мне было вот от меня еще ещё нет о из ему теперь когда даже " +
        "ну вдруг ли если уже или ни быть был него до вас нибудь опять уж вам ведь там потом себя ничего ей может они тут где есть надо ней для мы тебя их чем была сам чтоб без " +
        "будто чего раз тоже себе под будет ж тогда кто этот того потому этого какой какая какое какие ним здесь этом мой моя моё мои твой твоя твоё твои свой свою тем чтобы нее неё сейчас были куда " +
        "зачем всех можно при об хоть после над тот через эти нас про них какую много разве эту моего перед том нельзя такой им более всегда это эта мной тобой им ими нами вами почему сколько чей чья " +
        "быть буду будешь будем будете будут является являются";

    static readonly FrozenSet<string> s_all = string.Concat(English, " ", Russian).Replace('ё', 'е').Split(' ', StringSplitOptions.RemoveEmptyEntries).ToFrozenSet();
    static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> s_lookup = s_all.GetAlternateLookup<ReadOnlySpan<char>>();

    public static bool Contains(ReadOnlySpan<char> word) => s_lookup.Contains(word);
}
