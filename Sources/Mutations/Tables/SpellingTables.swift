extension WordTable {
    /// Right spellings to common wrong ones, by hand.
    static let misspellings = WordTable(
        """
        absence=absense accept=except accommodate=accomodate account=acount achieve=acheive
        acquire=aquire across=accross address=adress advice=advise again=agian all=al
        allowed=alowed already=allready also=aslo always=allways amount=ammount and=adn
        another=anohter apparent=apparant appear=apear argument=arguement available=availible
        because=becuase been=beeb before=befor beginning=begining believe=beleive
        between=bewteen book=bok business=buisness calendar=calender can=cna cancel=cancle
        category=catagory change=chagne check=chekc committee=commitee complete=compleate
        confirm=comfirm could=coudl customer=custumer decide=descide definitely=definately
        delete=deleet deliver=delivar department=departmant different=diffrent email=emial
        environment=enviroment every=evrey existence=existance experience=experiance
        February=Febuary finally=finaly find=fidn first=frist flight=fligth for=fro
        foreign=foriegn friend=freind from=form give=giev government=goverment guarantee=garantee
        have=ahve height=heigth help=hlep hotel=hotle immediately=immediatly
        independent=independant information=infromation interest=intrest invoice=invioce
        knowledge=knowlege language=langauge library=libary license=lisence list=lsit
        maintenance=maintainance make=amke manager=manger meeting=meating message=mesage
        minute=minuet money=mony month=mounth my=ym necessary=neccessary need=nede
        next=enxt notice=notise occasion=ocasion occurred=occured order=oder other=otehr
        package=pakage payment=paymant people=poeple please=pleese possible=posible
        probably=probaly problem=probelm product=prodcut purchase=purchace question=queston
        quiet=queit really=realy receipt=reciept receive=recieve recommend=recomend
        refund=refudn remember=rember reply=repley report=reprot request=reqeust
        restaurant=restaraunt return=retrun room=roon said=siad schedule=shedule search=serach
        send=sned separate=seperate should=shoud show=hsow similar=similiar since=sicne
        some=soem status=staus still=stil success=sucess summarize=sumarize support=suport
        surprise=suprise system=sytem table=tabel tell=tel thank=thnak that=taht the=teh
        their=thier them=thme then=hten there=theer these=thses they=tehy thing=thign
        this=htis through=throught ticket=tikcet time=tiem today=tody together=togehter
        tomorrow=tommorow translate=tranlsate travel=travle truly=truely until=untill
        update=updaet urgent=urgant usually=usualy very=vrey want=watn weather=wether
        Wednesday=Wensday week=weke weird=wierd what=waht when=wehn where=whre which=wich
        will=wil with=wiht without=witout work=wrok would=woudl write=wriet writing=writting
        year=yaer you=yuo your=yuor
        """)

    /// What is written short in text messages, by hand.
    static let textMessage = WordTable(
        """
        about=abt and=n are=r as_soon_as_possible=asap because=bc be=b before=b4 between=btw
        could=cud easy=ez favorite=fav for=4 great=gr8 have=hv information=info know=kno
        later=l8r love=luv message=msg minute=min month=mo number=no okay=k people=ppl
        picture=pic please=pls problem=prob really=rly see=c should=shud sorry=sry
        thanks=thx that=dat the=da though=tho through=thru to=2 today=2day tomorrow=2moro
        tonight=2nite very=v wait=w8 want=wanna week=wk what=wat why=y with=w/ would=wud
        year=yr you=u your=ur
        """)

    /// Emoji that stand for a word, by hand.
    static let emoji = WordTable(
        """
        airport=🛫 apple=🍎 baby=👶 bank=🏦 bed=🛏️ beer=🍺 bike=🚲 bird=🐦 book=📖 box=📦 bread=🍞
        bus=🚌 cake=🍰 calendar=📅 camera=📷 car=🚗 cat=🐱 chart=📊 clock=🕒 coffee=☕ computer=💻
        cow=🐮 delete=🗑️ dog=🐶 doctor=🧑‍⚕️ email=📧 family=👨‍👩‍👧‍👦 file=📄 fire=🔥 fish=🐟 flight=✈️
        flower=🌸 folder=📁 food=🍲 gift=🎁 happy=😀 home=🏠 horse=🐴 hospital=🏥 hotel=🏨 house=🏠
        key=🔑 letter=✉️ list=📋 lock=🔒 love=❤️ mail=📧 map=🗺️ meeting=🤝 money=💰 moon=🌙 movie=🎬
        music=🎵 order=🛒 package=📦 parcel=📦 party=🎉 phone=📱 photo=📷 pizza=🍕 plane=✈️ rain=🌧️
        sad=😢 school=🏫 search=🔍 ship=🚢 shop=🏪 snow=❄️ star=⭐ sun=☀️ taxi=🚕 tea=🍵 ticket=🎫
        train=🚆 tree=🌳 warning=⚠️ water=💧 weather=🌦️ wine=🍷 world=🌍
        """)

    /// Contractions and their long forms; those of two readings are left out.
    static let expansions = WordTable(
        """
        aren't=are_not can't=cannot couldn't=could_not didn't=did_not doesn't=does_not
        don't=do_not hadn't=had_not hasn't=has_not haven't=have_not isn't=is_not
        mightn't=might_not mustn't=must_not needn't=need_not shan't=shall_not
        shouldn't=should_not wasn't=was_not weren't=were_not won't=will_not wouldn't=would_not
        i'm=I_am i've=I_have i'll=I_will you're=you_are you've=you_have you'll=you_will
        he'll=he_will she'll=she_will it'll=it_will we're=we_are we've=we_have we'll=we_will
        they're=they_are they've=they_have they'll=they_will that'll=that_will let's=let_us
        who'll=who_will who've=who_have should've=should_have could've=could_have
        would've=would_have might've=might_have must've=must_have there'll=there_will
        o'clock=of_the_clock y'all=you_all ma'am=madam gonna=going_to wanna=want_to
        """)

    /// Long forms and their contractions.
    static let contractions = WordTable(
        """
        are_not=aren't cannot=can't could_not=couldn't did_not=didn't does_not=doesn't
        do_not=don't had_not=hadn't has_not=hasn't have_not=haven't is_not=isn't
        might_not=mightn't must_not=mustn't need_not=needn't shall_not=shan't
        should_not=shouldn't was_not=wasn't were_not=weren't will_not=won't would_not=wouldn't
        i_am=I'm i_have=I've i_will=I'll you_are=you're you_have=you've you_will=you'll
        he_is=he's she_is=she's it_is=it's he_will=he'll she_will=she'll it_will=it'll
        we_are=we're we_have=we've we_will=we'll they_are=they're they_have=they've
        they_will=they'll that_is=that's that_will=that'll what_is=what's where_is=where's
        who_is=who's who_will=who'll there_is=there's there_will=there'll let_us=let's
        should_have=should've could_have=could've would_have=would've might_have=might've
        must_have=must've
        """)

    /// Present forms of auxiliaries and their past ones.
    static let pastTense = WordTable(
        """
        am=was are=were can=could do=did does=did has=had have=had is=was may=might need=needed
        shall=should want=wanted will=would wish=wished
        """)

    /// Small numbers and their English names.
    static let numberWords = WordTable(
        """
        0=zero 1=one 2=two 3=three 4=four 5=five 6=six 7=seven 8=eight 9=nine 10=ten 11=eleven
        12=twelve 13=thirteen 14=fourteen 15=fifteen 16=sixteen 17=seventeen 18=eighteen
        19=nineteen 20=twenty 30=thirty 40=forty 50=fifty 60=sixty 70=seventy 80=eighty 90=ninety
        """)
}

/// Lists of words for the rules on words.
enum WordLists {
    static let stopWords: Set<String> = [
        "a", "an", "the", "of", "to", "in", "on", "at", "for", "with", "by", "from", "as", "is",
        "are", "was", "were", "be", "been", "am", "that", "this", "these", "those", "it", "its",
        "and", "or", "but", "so", "then", "than", "there", "here", "very", "just", "also", "some",
        "please", "do", "does", "did", "has", "have", "had", "will", "would", "can", "could",
        "me", "my", "your", "our", "you", "i", "we",
    ]
    static let auxiliaries: Set<String> = [
        "is", "are", "was", "were", "can", "could", "should", "would", "will", "must", "may",
        "might", "do", "does", "did", "has", "have", "had", "am", "shall",
    ]
    /// Whether a word is a first name or a place of the lists.
    static func isName(_ word: String) -> Bool { names.contains(word) }

    private static let names = Set(firstNames + places)
    static let firstNames = [
        "Alice", "Anna", "Ahmed", "Ben", "Bob", "Carla", "Carlos", "Chen", "Clara", "Daniel",
        "David", "Diego", "Elena", "Emma", "Eva", "Fatima", "Felix", "Frank", "Grace", "Hana",
        "Hans", "Igor", "Ines", "Ivan", "Jack", "James", "Jane", "Jana", "John", "Julia", "Kenji",
        "Lars", "Laura", "Lea", "Leo", "Lina", "Lucas", "Maria", "Mark", "Marta", "Mary", "Max",
        "Mei", "Mia", "Michael", "Nina", "Noah", "Olga", "Oliver", "Omar", "Paul", "Peter",
        "Priya", "Ravi", "Robert", "Rosa", "Sam", "Sara", "Sarah", "Sofia", "Susan", "Thomas",
        "Tom", "Vera", "Viktor", "Yuki", "Zoe",
    ]
    static let places = [
        "Amsterdam", "Athens", "Austria", "Barcelona", "Beijing", "Berlin", "Boston", "Brazil",
        "Brussels", "Budapest", "Cairo", "Canada", "Chicago", "China", "Copenhagen", "Delhi",
        "Denmark", "Dublin", "Egypt", "England", "Finland", "France", "Geneva", "Germany",
        "Greece", "Hamburg", "Helsinki", "India", "Ireland", "Istanbul", "Italy", "Japan",
        "Kenya", "Lagos", "Lima", "Lisbon", "London", "Lyon", "Madrid", "Melbourne", "Mexico",
        "Milan", "Montreal", "Moscow", "Mumbai", "Munich", "Nairobi", "Norway", "Oslo", "Paris",
        "Peru", "Poland", "Portugal", "Prague", "Rome", "Seattle", "Seoul", "Singapore", "Spain",
        "Stockholm", "Sweden", "Sydney", "Tokyo", "Toronto", "Vienna", "Warsaw", "Zurich",
    ]
}
